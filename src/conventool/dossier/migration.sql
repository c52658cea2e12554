-- From version 1 to version 2: what became of each convention, and the workbook as people arranged it.
ALTER TABLE run ADD COLUMN terms TEXT;

CREATE TABLE fact (                 -- what became of the convention of an adherent
    adherent INTEGER NOT NULL REFERENCES adherent (id) ON DELETE CASCADE,
    name TEXT NOT NULL,             -- of facts.py; or "=" and the header of a column that people added to the workbook
    value TEXT NOT NULL,            -- JSON: a text, number or truth value as typed, {"date": ISO 8601}, null if erased
    source TEXT NOT NULL CHECK (source IN ('typed', 'command', 'returned')),
    PRIMARY KEY (adherent, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE layout (               -- the columns of the workbook, as people arranged them
    position INTEGER PRIMARY KEY,
    header TEXT NOT NULL UNIQUE,
    width REAL                      -- in characters
) STRICT;

CREATE TABLE line (                 -- the lines of the workbook, as people sorted them
    position INTEGER PRIMARY KEY,
    adherent INTEGER UNIQUE REFERENCES adherent (id) ON DELETE CASCADE,
    cells TEXT                      -- of a line that is nobody's: JSON object, values by header
) STRICT;

CREATE TABLE sheet (                -- a sheet that people added to the workbook
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    lines TEXT NOT NULL             -- JSON list of lists of values
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 2;

-- The dossier of an output folder: the runs of the program that wrote there, the adherents with their data, the pieces
-- (files) made for them, what was said of each row, the rows rejected. JSON texts are described in records.py. Choices
-- are written with OR: of an IN with more than two, SQLite makes a table anew in each statement.
PRAGMA user_version = 2;
PRAGMA application_id = 0x636F6E76; -- "conv"

CREATE TABLE IF NOT EXISTS run (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,              -- equal for two runs that must give the same documents
    command TEXT NOT NULL,          -- fill or batch
    source TEXT NOT NULL,           -- name of the data file
    source_sha256 TEXT NOT NULL,
    template TEXT NOT NULL,
    template_folder TEXT NOT NULL,
    template_sha256 TEXT NOT NULL,  -- of its manifest and its document
    copies TEXT NOT NULL,           -- JSON object: key, whose the copy is
    options TEXT NOT NULL,          -- JSON object: those that the documents depend on
    day TEXT NOT NULL,              -- ISO 8601: the day that dates were judged by
    version TEXT NOT NULL,          -- of the program
    parent INTEGER REFERENCES run (id), -- the run whose rejected rows were given back
    accepted INTEGER,               -- how many adherents; NULL until the run has ended
    settled INTEGER,                -- when every file was as told here, in ns since 1970; NULL if that never was
    rejects TEXT,                   -- name of the file of rejected rows
    rejects_sha256 TEXT,
    terms TEXT                      -- JSON object: the rules of its deadlines, as the template then gave them
) STRICT;

CREATE TABLE IF NOT EXISTS adherent (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id), -- the last one that accepted it
    rank INTEGER NOT NULL,          -- of its row in that run's source, from 1
    nom TEXT NOT NULL,
    appellation TEXT NOT NULL,
    code_postal TEXT NOT NULL,
    place TEXT NOT NULL,            -- JSON object: where its row is
    given TEXT NOT NULL,            -- JSON object: its data as the row gave them
    understood TEXT NOT NULL,       -- JSON object: the same as they were understood
    state TEXT NOT NULL CHECK (state IN ('current', 'superseded'))
) STRICT;
CREATE INDEX IF NOT EXISTS adherent_of_run ON adherent (run, rank);

CREATE TABLE IF NOT EXISTS identity (             -- what makes two rows the same adherent
    key TEXT PRIMARY KEY,
    adherent INTEGER NOT NULL REFERENCES adherent (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS identity_of_adherent ON identity (adherent);

CREATE TABLE IF NOT EXISTS piece (                -- a file of an adherent
    adherent INTEGER NOT NULL REFERENCES adherent (id) ON DELETE CASCADE,
    path TEXT NOT NULL,             -- below the folder
    run INTEGER NOT NULL REFERENCES run (id), -- the last one that made it, or found it as it was
    position INTEGER NOT NULL,      -- of its copy among those of the adherent, from 0
    stem TEXT NOT NULL,             -- of its name, in lower case: a PDF goes with its document
    copy TEXT NOT NULL,             -- key of whose copy it is; beside the convention: title of its template, ":", key
    sha256 TEXT NOT NULL,           -- empty where the file is not this one
    bytes INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status = 'created' OR status = 'identical' OR status = 'replaced'
        OR status = 'conflict' OR status = 'failed' OR status = 'planned'),
    made_of TEXT NOT NULL,          -- of a PDF: checksum of all that it was made of; empty: to be made again
    document TEXT NOT NULL,         -- of a PDF: SHA-256 of the Word document it was made of
    said TEXT NOT NULL,             -- of a PDF: JSON list of what is to be said of it
    state TEXT NOT NULL CHECK (state IN ('current', 'superseded')),
    PRIMARY KEY (adherent, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS piece_by_stem ON piece (stem);

CREATE TABLE IF NOT EXISTS annexe (               -- a file of the data that the PDF files of an adherent end with
    adherent INTEGER NOT NULL REFERENCES adherent (id) ON DELETE CASCADE,
    path TEXT NOT NULL,             -- as the data give it
    sha256 TEXT NOT NULL,           -- empty where the file is absent
    bytes INTEGER NOT NULL,
    PRIMARY KEY (adherent, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS problem (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    rank INTEGER NOT NULL,          -- of the row; 0: of the whole source
    severity TEXT NOT NULL CHECK (severity = 'error' OR severity = 'warning' OR severity = 'notice'),
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    hint TEXT,
    field TEXT,
    value TEXT,
    place TEXT NOT NULL             -- JSON object
) STRICT;
CREATE INDEX IF NOT EXISTS problem_of_row ON problem (run, rank);
CREATE INDEX IF NOT EXISTS problem_by_kind ON problem (run, severity, code);

CREATE TABLE IF NOT EXISTS rejected (             -- a row that became nothing
    run INTEGER NOT NULL REFERENCES run (id),
    rank INTEGER NOT NULL,
    place TEXT NOT NULL,            -- JSON object
    given TEXT NOT NULL,            -- JSON object: its data as the row gave them
    cells TEXT NOT NULL,            -- JSON list: of a table, its cells in the order of the headers
    text TEXT NOT NULL,             -- of YAML: the row as it is written
    PRIMARY KEY (run, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS output (               -- a file for people, as this program last wrote it
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS fact (                 -- what became of the convention of an adherent
    adherent INTEGER NOT NULL REFERENCES adherent (id) ON DELETE CASCADE,
    name TEXT NOT NULL,             -- of facts.py; or "=" and the header of a column that people added to the workbook
    value TEXT NOT NULL,            -- JSON: a text, number or truth value as typed, {"date": ISO 8601}, null if erased
    source TEXT NOT NULL CHECK (source = 'typed' OR source = 'command' OR source = 'returned'),
    PRIMARY KEY (adherent, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS layout (               -- the columns of the workbook, as people arranged them
    position INTEGER PRIMARY KEY,
    header TEXT NOT NULL UNIQUE,
    width REAL                      -- in characters
) STRICT;

CREATE TABLE IF NOT EXISTS line (                 -- the lines of the workbook, as people sorted them
    position INTEGER PRIMARY KEY,
    adherent INTEGER UNIQUE REFERENCES adherent (id) ON DELETE CASCADE,
    cells TEXT                      -- of a line that is nobody's: JSON object, values by header
) STRICT;

CREATE TABLE IF NOT EXISTS sheet (                -- a sheet that people added to the workbook
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    lines TEXT NOT NULL             -- JSON list of lists of values
) STRICT, WITHOUT ROWID;

"""A zip as a Word document is kept in one: read with its guards; written reproducibly, what was packed as it lay.

Reading goes through ``zipfile``; writing is ours, because ``zipfile`` cannot write an entry that is compressed
already, and that is what makes a filled copy cheap.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import NamedTuple, TypeVar

__all__ = ["Entry", "Record", "entries_of", "inflate", "join_records", "remember", "zip_bytes"]

_SMALL = 16 << 10
_MOST_REMEMBERED = 100
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_LOCAL, _CENTRAL = b"PK\3\4", b"PK\1\2\x14\0"  # what opens an entry, and its line in the directory
_DESCRIBED = struct.Struct("<5H3L2H")  # what both tell of it
_VERSION = 20
_NOTHING_MORE = bytes(10)  # no comment, first disk, no attributes
_END = struct.Struct("<4s4H2LH")
_DOS_DATE = 0x0021  # 1 January 1980, the zip format's first day: the same input gives the same bytes
_UTF8_NAME = 0x800


class Entry(NamedTuple):
    """One file inside the zip, as it lies there.

    Attributes:
        name: path inside the zip, with slashes.
        method: 0 (stored) or 8 (deflated), as APPNOTE.TXT 4.4.5 counts.
        crc: CRC-32 of the plain bytes.
        size: number of plain bytes.
        packed: the bytes as they lie in the zip.
    """

    name: str
    method: int
    crc: int
    size: int
    packed: bytes

    @classmethod
    def of(cls, name: str, data: bytes) -> Entry:
        """Compress ``data`` under ``name``."""
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        return cls(name, zipfile.ZIP_DEFLATED, zlib.crc32(data), len(data), deflate.compress(data) + deflate.flush())

    def record(self) -> Record:
        """The entry as a zip holds it (PKWARE APPNOTE.TXT, 4.3.7 and 4.3.12)."""
        name = self.name.encode("utf-8")
        flags = 0 if len(name) == len(self.name) else _UTF8_NAME
        described = _DESCRIBED.pack(
            _VERSION, flags, self.method, 0, _DOS_DATE, self.crc, len(self.packed), self.size, len(name), 0
        )
        return Record(b"".join((_LOCAL, described, name, self.packed)), _CENTRAL + described + _NOTHING_MORE, name)


class Record(NamedTuple):
    """An entry as a zip holds it: made once of what does not change from copy to copy.

    Attributes:
        local: its header and its bytes.
        listed: its line in the directory, up to where the header stands.
        name: what ends that line.
    """

    local: bytes
    listed: bytes
    name: bytes


def zip_bytes(entries: Iterable[Entry]) -> bytes:
    """Write a zip: the same entries give the same bytes on every machine."""
    return join_records([entry.record() for entry in entries])


def join_records(records: Sequence[Record]) -> bytes:
    """Write a zip of what is made ready for it (PKWARE APPNOTE.TXT, 4.3.6 to 4.3.16)."""
    directory: list[bytes] = []
    offset = 0
    for local, listed, name in records:
        directory += (listed, offset.to_bytes(4, "little"), name)
        offset += len(local)
    lines, count = b"".join(directory), len(records)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(lines), offset, 0)
    return b"".join([*[record.local for record in records], lines, end])


def entries_of(data: bytes) -> Iterator[Entry]:
    """The entries of a zip, their bytes as they lie there.

    Raises:
        zipfile.BadZipFile, NotImplementedError: an entry is not what the directory says, or in a way that is not read.
    """
    left = len(data)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            if info.flag_bits & 0x1:
                raise zipfile.BadZipFile("chiffré")
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise NotImplementedError(f"compression {info.compress_type}")
            header = _LOCAL_HEADER.unpack_from(data, info.header_offset)
            start = info.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1]
            left -= info.compress_size
            if header[0] != b"PK\3\4" or left < 0 or start + info.compress_size > len(data):
                raise zipfile.BadZipFile("entrées superposées ou incomplètes")
            packed = data[start : start + info.compress_size]
            yield Entry(info.orig_filename, info.compress_type, info.CRC, info.file_size, packed)


def inflate(entry: Entry) -> bytes:
    """The plain bytes of an entry, never more than it declares.

    Raises:
        zipfile.BadZipFile: its size or checksum is not what it declares; zlib.error: it is no deflate stream.
    """
    if (known := _inflated.get(entry)) is not None:
        return known
    if entry.method == zipfile.ZIP_STORED:
        data = entry.packed
    else:
        stream = zlib.decompressobj(-15)
        data = stream.decompress(entry.packed, entry.size + 1)
        if not stream.eof or stream.unused_data:
            raise zipfile.BadZipFile("taille")
    if len(data) != entry.size or zlib.crc32(data) != entry.crc:
        raise zipfile.BadZipFile("somme de contrôle")
    remember(_inflated, entry, data)
    return data


_Found = TypeVar("_Found")


def remember(known: dict[Entry | None, _Found], entry: Entry | None, found: _Found) -> None:
    """Keep what was found of a small entry, and of a hundred of them at most."""
    if entry is not None and entry.size <= _SMALL:
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known[entry] = found


_inflated: dict[Entry | None, bytes] = {}

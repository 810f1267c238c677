/** records.py: TFRecord framing, gzip or not, with its checksums. */
export const recordsPy = String.raw`"""TFRecord files: length u64, its masked crc32c, payload, its masked crc32c; little endian; gzip-compressed or not."""
import functools
import gzip
import io
import struct
import zlib
from collections import namedtuple

import numpy as np

Record = namedtuple("Record", "file index offset payload checksum")


class DataError(Exception):
    """Data that can't be read; names the file, the record and what is wrong."""


@functools.lru_cache(None)
def _table():
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, np.uint32(0x82F63B78) ^ (table >> 1), table >> 1).astype(np.uint32)
    return table, [int(value) for value in table]


def _crc32c(data):
    """crc32c of a few bytes."""
    crc, table = 0xFFFFFFFF, _table()[1]
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _masked(crc):
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


# Bytes of one lane: every payload is cut into lanes that run side by side.
LANE = 256


@functools.lru_cache(None)
def _advance():
    """Tables [4, 256] that carry a crc register over LANE zero bytes, a byte of the register each."""
    table, _ = _table()
    state = (np.uint32(1) << np.arange(32, dtype=np.uint32)).astype(np.uint32)
    for _ in range(LANE):
        state = table[state & 0xFF] ^ (state >> 8)
    tables = np.zeros((4, 256), np.uint32)
    for byte in range(4):
        for bit in range(8):
            has = (np.arange(256) >> bit) & 1 == 1
            tables[byte, has] ^= state[8 * byte + bit]
    return tables


def _crc32c_all(payloads):
    """crc32c of many payloads at once. A register of 0 stays 0 over zeros, so payloads are padded in front."""
    lanes = [max(1, -(-len(payload) // LANE)) for payload in payloads]
    data = np.zeros((sum(lanes), LANE), np.uint8)
    flat, end = data.reshape(-1), 0
    for payload, count in zip(payloads, lanes):
        end += count * LANE
        begin = end - len(payload)
        flat[begin:end] = np.frombuffer(payload, np.uint8)
        # The register's start of all ones, as the same ones in the first four bytes.
        flat[begin : begin + 4] ^= 0xFF
    table, _ = _table()
    state = np.zeros(len(data), np.uint32)
    for column in range(LANE):
        state = table[(state ^ data[:, column]) & 0xFF] ^ (state >> 8)
    advance, first = _advance(), np.cumsum([0] + lanes[:-1])
    crc = state[first]
    counts = np.asarray(lanes)
    for lane in range(1, max(lanes)):
        more = counts > lane
        old = crc[more]
        moved = advance[0][old & 0xFF]
        for byte in range(1, 4):
            moved = moved ^ advance[byte][(old >> (8 * byte)) & 0xFF]
        crc[more] = moved ^ state[first[more] + lane]
    return crc ^ np.uint32(0xFFFFFFFF)


def check_payloads(records):
    """Raises DataError for the first record whose payload is not what was written."""
    # Fewer than four bytes have no room for the register's start.
    large = [record for record in records if len(record.payload) >= 4]
    crcs = [int(crc) for crc in _crc32c_all([record.payload for record in large])] if large else []
    small = [record for record in records if len(record.payload) < 4]
    crcs += [_crc32c(record.payload) for record in small]
    for record, crc in zip(large + small, crcs):
        if _masked(crc) != record.checksum:
            raise DataError(
                f"{record.file}: record {record.index} at byte {record.offset} is damaged (its checksum "
                "does not fit): copy the file again."
            )


def _open(path):
    file = open(path, "rb")
    start = file.peek(2)[:2]
    if start == b"\x1f\x8b":
        return io.BufferedReader(gzip.GzipFile(fileobj=file), 1 << 20)
    return file


def read_records(path, ignore_errors=False):
    """Every record of a file. A damaged rest is an error, or the end of the file when errors are ignored."""
    index = offset = 0
    try:
        with _open(path) as file:
            while True:
                head = file.read(12)
                if not head:
                    return
                if len(head) < 12:
                    raise DataError(f"{path}: record {index} at byte {offset} is cut off.")
                length, crc = struct.unpack("<QI", head)
                if _masked(_crc32c(head[:8])) != crc:
                    what = "this is no TFRecord file" if index == 0 else "it is damaged"
                    raise DataError(f"{path}: record {index} at byte {offset}: {what}.")
                body = file.read(length + 4)
                if len(body) < length + 4:
                    raise DataError(f"{path}: record {index} at byte {offset} is cut off.")
                (checksum,) = struct.unpack_from("<I", body, length)
                yield Record(path, index, offset, memoryview(body)[:length], checksum)
                index, offset = index + 1, offset + 16 + length
    except (EOFError, OSError, zlib.error) as error:
        if isinstance(error, FileNotFoundError):
            raise DataError(f"{path}: there is no such file.") from error
        if not ignore_errors:
            raise DataError(f"{path}: from record {index} on: {error}.") from error
    except DataError:
        if not ignore_errors:
            raise
`;

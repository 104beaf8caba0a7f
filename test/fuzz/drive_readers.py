"""Gives many inputs to one Python process: to the Python reader, or to Python's JSON parser.

    python3 drive_readers.py reader READER INPUTS
    python3 drive_readers.py json INPUTS

INPUTS holds a length of four bytes, least significant first, and that many bytes, again and again. READER is the reader's source. Prints a
JSON document a line for each: what the reader says, or whether the text is JSON.
"""
import json
import os
import sys
import tempfile
import types


def frames(path):
    with open(path, 'rb') as file:
        while length := file.read(4):
            yield file.read(int.from_bytes(length, 'little'))


def load(path):
    module = types.ModuleType('reader')
    with open(path, encoding='utf-8') as file:
        exec(compile(file.read(), path, 'exec'), module.__dict__)
    return module


def reader_answers(reader_path, inputs):
    reader = load(reader_path)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'assets.pa')
        for data in frames(inputs):
            with open(path, 'wb') as file:
                file.write(data)
            try:
                yield reader.verdict(path)
            except Exception as error:  # a crash is an answer too: a wrong one
                yield {'verdict': 'error', 'error': repr(error)}


def refuse(literal):
    raise ValueError(literal)


def json_answers(inputs):
    for data in frames(inputs):
        try:
            json.loads(data.decode('utf-8'), parse_constant=refuse)
            yield 'accept'
        except RecursionError:
            yield 'too deep'
        except ValueError:
            yield 'reject'


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    answers = reader_answers(*sys.argv[2:]) if sys.argv[1] == 'reader' else json_answers(*sys.argv[2:])
    for answer in answers:
        print(json.dumps(answer))

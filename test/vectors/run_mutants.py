"""Runs the Python reader, and mutants of it, over every vector in one process.

    python3 run_mutants.py READER VECTORS < MUTANTS

READER is the reader's source, VECTORS the folder of manifest.json, MUTANTS a JSON list of {name, find, replace}.
Prints {"reader": {id: document}, "mutants": {name: {id: document}}}; a mutant has only the documents that differ.
"""
import json
import os
import sys
import types


def load(source, name):
    module = types.ModuleType(name)
    exec(compile(source, name, 'exec'), module.__dict__)
    return module


def answer(reader, path):
    try:
        return reader.verdict(path)
    except Exception as error:  # a mutant may trip over what it let pass
        return {'verdict': 'error', 'error': repr(error)}


def main(reader_path, folder):
    with open(reader_path, encoding='utf-8') as file:
        source = file.read()
    with open(os.path.join(folder, 'manifest.json'), encoding='utf-8') as file:
        paths = {vector['id']: os.path.join(folder, vector['file']) for vector in json.load(file)['vectors']}

    reader = load(source, 'reader')
    documents = {name: answer(reader, path) for name, path in paths.items()}
    mutants = {}
    for mutant in json.load(sys.stdin):
        if source.count(mutant['find']) != 1:
            raise ValueError(f'{mutant["name"]}: found {source.count(mutant["find"])} times: {mutant["find"]}')
        changed = load(source.replace(mutant['find'], mutant['replace']), mutant['name'])
        answers = {name: answer(changed, path) for name, path in paths.items()}
        mutants[mutant['name']] = {name: each for name, each in answers.items() if each != documents[name]}
    json.dump({'reader': documents, 'mutants': mutants}, sys.stdout)


if __name__ == '__main__':
    main(*sys.argv[1:])

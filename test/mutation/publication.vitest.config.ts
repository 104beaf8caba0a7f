import { judgedBy } from './judges.ts';

export default judgedBy(
  'test/write/streams.test.ts',
  'test/write/bytes.test.ts',
  'test/write/again.test.ts',
  'test/write/companions.test.ts',
  'test/host/paths.test.ts',
  'test/host/process.test.ts',
  'test/host/file-set.test.ts',
  'test/write/publication.test.ts',
  'test/faults/injected.test.ts',
  'test/plan/tree.test.ts',
  'test/messages.test.ts',
);

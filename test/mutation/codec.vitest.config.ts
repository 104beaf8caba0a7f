import { judgedBy } from './judges.ts';

export default judgedBy(
  'test/codec/canonical-reader.test.ts',
  'test/codec/locate.test.ts',
  'test/codec/prelude.test.ts',
  'test/codec/canonical.test.ts',
  'test/codec/descriptor.test.ts',
  'test/codec/rules.test.ts',
  'test/codec/json.test.ts',
  'test/codec/header.test.ts',
  'test/codec/utf8.test.ts',
  'test/messages.test.ts',
  'test/plan/program.test.ts',
  'test/plan/slots.test.ts',
  'test/vectors/canonical-json.test.ts',
  'test/vectors/accept.test.ts',
);

/** Asset uuids: RFC 9562 in lower case. */
import { Phrase } from '../errors.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text is a uuid as the documents spell it. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** What is said of any other text. */
export const NOT_A_UUID = {
  what: 'not an asset_uuid',
  expected: new Phrase('a UUID of RFC 9562 in lower case'),
} as const;

/** A new random one. */
export function newUuid(): string {
  return crypto.randomUUID();
}

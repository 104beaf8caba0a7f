/** The commands that look into artifacts. They are loaded together: each file of the bundle costs a millisecond, and they share most of what they need. */
export { diff } from './diff.js';
export { extract } from './extract.js';
export { inspect } from './inspect.js';
export { preview } from './preview.js';
export { verify } from './verify.js';

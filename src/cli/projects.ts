/** The commands for project folders, loaded together like those of `reading.ts`. */
export { build } from './build.js';
export { doctor } from './doctor.js';
export { init } from './init.js';
export { migrate } from './migrate.js';
export { register } from './register.js';

/** `node asar.mjs FOLDER OUT`: an asar archive of a folder, with the digests that asar always computes. */
import asar from '@electron/asar';

const [folder, out] = process.argv.slice(2);
await asar.createPackage(folder, out);

/** The part of restructure that the prelude uses; the package ships no types. */
declare module 'restructure' {
  export interface ReadStream {
    readonly view: DataView;
    pos: number;
  }
  export interface WriteStream {
    readonly view: DataView;
    pos: number;
  }
  export interface Type<T> {
    size(value?: T): number;
    decode(stream: ReadStream): T;
    encode(stream: WriteStream, value: T): void;
  }
  export class Struct<T> implements Type<T> {
    constructor(fields: { readonly [K in keyof T]: Type<T[K]> });
    size(value?: T): number;
    decode(stream: ReadStream): T;
    encode(stream: WriteStream, value: T): void;
    fromBuffer(bytes: Uint8Array): T;
    toBuffer(value: T): Uint8Array;
  }
  export const uint32le: Type<number>;
}

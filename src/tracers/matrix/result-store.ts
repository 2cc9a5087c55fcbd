/**
 * Where results outlive the process. A key is a text that names everything a result depends on, so
 * that what is found under it is right whenever it was put there; `host/result-folder.ts` keeps them
 * in files. Values are plain JSON.
 */
export interface ResultStore {
  /** Undefined if there is none. */
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  /** A digest for keys that would otherwise be long. */
  hash(content: string | Uint8Array): string;
}

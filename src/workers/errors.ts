/** Errors across a worker boundary: class name, message, stack, code and cause survive. */

export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly cause?: SerializedError;
}

/** An error that was thrown in a worker; `name` is the original class's name, so `error.name === 'StateDictError'` works. */
export class RemoteError extends Error {
  readonly code: string | undefined;

  constructor(from: SerializedError) {
    super(from.message, from.cause ? { cause: deserializeError(from.cause) } : undefined);
    this.name = from.name;
    this.code = from.code;
    if (from.stack) this.stack = from.stack;
  }
}

/** @param error anything that was thrown, an Error or not. */
export function serializeError(error: unknown): SerializedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(code === undefined ? {} : { code }),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}

export function deserializeError(error: SerializedError): RemoteError {
  return new RemoteError(error);
}

/**
 * DEFLATE (RFC 1951) as a stream that says where it ends. The platform's DecompressionStream does not: what stands
 * behind the first gzip member it refuses in one version and forgives in another. Memory is two windows of output and
 * one chunk of input, whatever the data claims.
 */

/** Deflate data that cannot be read: damaged, or cut off. */
export class InflateError extends Error {
  override readonly name = 'InflateError';
}

const WINDOW = 32768;
/** Output is handed on whenever this much has gathered behind the window. */
const OUTPUT = 65536;
/** A length and a distance take 48 bits at most; a block's header 320 codes of 14 bits and their own. */
const SYMBOL_BYTES = 8;
const HEADER_BYTES = 600;

const LENGTH_BASE = Uint16Array.of(3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258); // prettier-ignore
const LENGTH_BITS = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0); // prettier-ignore
const DISTANCE_BASE = Uint16Array.of(1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577); // prettier-ignore
const DISTANCE_BITS = Uint8Array.of(0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13); // prettier-ignore
const CODE_ORDER = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15);

/** A Huffman code as a table of its longest word's bits: symbol << 4 | length, 0 where no word is. */
interface Code {
  readonly table: Uint16Array;
  readonly mask: number;
}

/** @throws InflateError when the lengths say more words than fit. */
function makeCode(lengths: Uint8Array): Code {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  let longest = 1;
  let word = 0;
  const next = new Uint16Array(16);
  for (let length = 1; length <= 15; length++) {
    word = (word + counts[length - 1]!) << 1;
    next[length] = word;
    if (counts[length]! > 0) longest = length;
    if (word + counts[length]! > 1 << length) throw new InflateError('a block has an impossible code');
  }
  const table = new Uint16Array(1 << longest);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    let reversed = 0;
    for (let bits = next[length]!++, i = 0; i < length; i++, bits >>= 1)
      reversed = (reversed << 1) | (bits & 1);
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return { table, mask: table.length - 1 };
}

function fixedCodes(): readonly [Code, Code] {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  return [makeCode(lengths), makeCode(new Uint8Array(30).fill(5))];
}

export type InflateState = 'input' | 'output' | 'end';

/**
 * Push input, step until it wants more, take the output of each step. A step does a bounded amount of work and holds a
 * bounded output, so that no small input can make it large.
 */
export class Inflate {
  #input = new Uint8Array(0);
  #at = 0;
  #final = false;
  #bits = 0;
  #count = 0;
  readonly #out = new Uint8Array(WINDOW + OUTPUT + 258);
  /** Where the output that was not handed on yet begins, and where it ends. */
  #from = 0;
  #to = 0;
  #mode: 'block' | 'stored' | 'codes' | 'end' = 'block';
  #last = false;
  #stored = 0;
  #literals: Code | null = null;
  #distances: Code | null = null;

  /** Adds the next bytes. @param final whether there are no more. */
  push(chunk: Uint8Array, final: boolean): void {
    // Whole bytes that were read ahead go back, so that the rest behind the end is always in the input.
    this.#at -= this.#count >>> 3;
    this.#count &= 7;
    this.#bits &= (1 << this.#count) - 1;
    const left = this.#input.length - this.#at;
    if (left === 0) this.#input = new Uint8Array(chunk);
    else {
      const joined = new Uint8Array(left + chunk.length);
      joined.set(this.#input.subarray(this.#at));
      joined.set(chunk, left);
      this.#input = joined;
    }
    this.#at = 0;
    this.#final = final;
  }

  /** The output of the last step, valid until the next one. */
  get output(): Uint8Array {
    return this.#out.subarray(this.#from, this.#to);
  }

  /** The input behind the end. */
  get rest(): Uint8Array {
    return this.#input.subarray(this.#at - (this.#count >>> 3));
  }

  /**
   * Goes on until there is output to take, more input is needed, or the data is at its end; each may come with output.
   * @throws InflateError for damaged data, and when the final input ends before the data does.
   */
  step(): InflateState {
    this.#slide();
    for (;;) {
      if (this.#mode === 'end') return 'end';
      if (this.#to >= WINDOW + OUTPUT) return 'output';
      if (this.#mode === 'block') {
        if (!this.#has(HEADER_BYTES)) return 'input';
        this.#block();
      } else if (this.#mode === 'stored') {
        if (!this.#copyStored()) return 'input';
      } else if (!this.#decode()) return 'input';
      if (this.#mode === 'block' && this.#last) {
        this.#mode = 'end';
        this.#checkEnd();
      }
    }
  }

  /** Moves the window to the front, for the next output behind it. */
  #slide(): void {
    if (this.#to > WINDOW) {
      this.#out.copyWithin(0, this.#to - WINDOW, this.#to);
      this.#to = WINDOW;
    }
    this.#from = this.#to;
  }

  /** Whether so many bytes are there, or all there will be. */
  #has(bytes: number): boolean {
    return this.#final || this.#input.length - this.#at >= bytes;
  }

  /** Bits are read ahead beyond the end of the input as zeros; they must not have been used. */
  #checkEnd(): void {
    if (this.#at - (this.#count >>> 3) > this.#input.length) throw new InflateError('the data is cut off');
  }

  #take(count: number): number {
    while (this.#count < count) {
      this.#bits |= (this.#input[this.#at++] ?? 0) << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return value;
  }

  #symbol({ table, mask }: Code): number {
    while (this.#count < 15) {
      this.#bits |= (this.#input[this.#at++] ?? 0) << this.#count;
      this.#count += 8;
    }
    const entry = table[this.#bits & mask]!;
    const length = entry & 15;
    if (length === 0) throw new InflateError('a word is in no code');
    this.#bits >>>= length;
    this.#count -= length;
    return entry >>> 4;
  }

  #block(): void {
    this.#last = this.#take(1) === 1;
    const kind = this.#take(2);
    if (kind === 0) {
      this.#take(this.#count & 7);
      const length = this.#take(16);
      if (this.#take(16) !== (length ^ 0xffff))
        throw new InflateError('the length of a stored block is damaged');
      this.#at -= this.#count >>> 3;
      this.#bits = 0;
      this.#count = 0;
      this.#stored = length;
      this.#mode = 'stored';
    } else {
      if (kind === 3) throw new InflateError('a block is of no kind that there is');
      [this.#literals, this.#distances] = kind === 1 ? fixedCodes() : this.#dynamicCodes();
      this.#mode = 'codes';
    }
    this.#checkEnd();
  }

  #dynamicCodes(): readonly [Code, Code] {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const codes = this.#take(4) + 4;
    if (literals > 286 || distances > 30) throw new InflateError('a block has too many codes');
    const own = new Uint8Array(19);
    for (let i = 0; i < codes; i++) own[CODE_ORDER[i]!] = this.#take(3);
    const code = makeCode(own);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length;) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw new InflateError('a block repeats a length before the first');
      const value = symbol === 16 ? lengths[i - 1]! : 0;
      const count =
        symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (i + count > lengths.length) throw new InflateError('a block has too many lengths');
      lengths.fill(value, i, i + count);
      i += count;
    }
    if (lengths[256] === 0) throw new InflateError('a block has no end');
    return [makeCode(lengths.subarray(0, literals)), makeCode(lengths.subarray(literals))];
  }

  /** False when more input is needed. */
  #copyStored(): boolean {
    const count = Math.min(this.#stored, this.#input.length - this.#at, WINDOW + OUTPUT - this.#to);
    this.#out.set(this.#input.subarray(this.#at, this.#at + count), this.#to);
    this.#at += count;
    this.#to += count;
    this.#stored -= count;
    if (this.#stored === 0) this.#mode = 'block';
    else if (this.#at === this.#input.length) {
      if (this.#final) throw new InflateError('the data is cut off');
      return false;
    }
    return true;
  }

  /** Symbols until the block or the room ends; false when more input is needed. */
  #decode(): boolean {
    const input = this.#input;
    const out = this.#out;
    const { table: literals, mask: literalMask } = this.#literals!;
    const { table: distances, mask: distanceMask } = this.#distances!;
    const enough = this.#final ? input.length + SYMBOL_BYTES : input.length - SYMBOL_BYTES;
    let at = this.#at;
    let bits = this.#bits;
    let count = this.#count;
    let to = this.#to;
    let more = true;
    while (to < WINDOW + OUTPUT) {
      if (at > enough) {
        more = this.#final;
        break;
      }
      while (count < 24) {
        bits |= (at < input.length ? input[at]! : 0) << count;
        at++;
        count += 8;
      }
      const entry = literals[bits & literalMask]!;
      let used = entry & 15;
      if (used === 0) throw new InflateError('a word is in no code');
      const symbol = entry >>> 4;
      bits >>>= used;
      count -= used;
      if (symbol < 256) {
        out[to++] = symbol;
        continue;
      }
      if (symbol === 256) {
        this.#mode = 'block';
        break;
      }
      if (symbol > 285) throw new InflateError('a length is out of range');
      used = LENGTH_BITS[symbol - 257]!;
      const length = LENGTH_BASE[symbol - 257]! + (bits & ((1 << used) - 1));
      bits >>>= used;
      count -= used;
      while (count < 15) {
        bits |= (at < input.length ? input[at]! : 0) << count;
        at++;
        count += 8;
      }
      const word = distances[bits & distanceMask]!;
      used = word & 15;
      if (used === 0) throw new InflateError('a word is in no code');
      bits >>>= used;
      count -= used;
      used = DISTANCE_BITS[word >>> 4]!;
      while (count < used) {
        bits |= (at < input.length ? input[at]! : 0) << count;
        at++;
        count += 8;
      }
      const distance = DISTANCE_BASE[word >>> 4]! + (bits & ((1 << used) - 1));
      bits >>>= used;
      count -= used;
      if (distance > to) throw new InflateError('a distance goes back before the beginning');
      if (distance >= length && length > 32) out.copyWithin(to, to - distance, to - distance + length);
      else for (let i = 0; i < length; i++) out[to + i] = out[to + i - distance]!;
      to += length;
    }
    this.#at = at;
    this.#bits = bits;
    this.#count = count;
    this.#to = to;
    if (this.#final) this.#checkEnd();
    return more;
  }
}

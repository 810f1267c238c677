/**
 * zod as this program uses it: without the compiler that it tries by `new Function`, which a strict Content-Security-Policy
 * forbids and reports. Every schema takes `z` from here, so that none is made before this is said.
 */
import { z } from 'zod';

z.config({ jitless: true });

export { z };

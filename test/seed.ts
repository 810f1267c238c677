/** Properties are tried on the same values in every run: a failure is the change's own, never luck's. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_230_405 });

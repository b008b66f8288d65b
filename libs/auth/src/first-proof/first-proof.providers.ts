import { SetUpBeforeProof } from './set-up-before-proof';
import { WaysIn } from './ways-in';

/** What ends with the first proof of an address. */
export const FIRST_PROOF = [WaysIn, SetUpBeforeProof];

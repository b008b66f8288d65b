import { Actors } from './actors';

/** Who is behind a credential. */
export const ACCESS = [Actors];

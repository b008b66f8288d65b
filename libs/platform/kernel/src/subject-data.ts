import { type Json } from './json';

/** What becomes of rows when the person or tenant that they belong to is erased. */
export type Erasure =
  | { readonly kind: 'delete' }
  /** The rows stay, and these columns are set to these values. */
  | { readonly kind: 'anonymize'; readonly set: Readonly<Record<string, Json>> }
  /** The rows stay as they are, for a reason that one can tell the person. */
  | { readonly kind: 'keep'; readonly reason: string };

/** One column that says whose a row is. Every table with such a column is declared: an architecture test holds it. */
export interface SubjectDataContract {
  readonly table: string;
  /** The column that says whose the row is: see `holds`; with `via`, the column that refers to the other table. */
  readonly column: string;
  /**
   * `person`: the id of an account; `owner`: that of an account or a tenant, or of a tenant alone; `email`: an address
   * in lower case.
   */
  readonly holds: 'person' | 'owner' | 'email';
  /** The rows are the subject's through another table, whose `column` holds what `holds` says: a refresh token through its sign-in. */
  readonly via?: { readonly table: string; readonly column: string };
  /** What it is, in the words of a privacy notice. */
  readonly summary: string;
  readonly erasure: Erasure;
  /**
   * What becomes of it when somebody proves the address of the account for the first time (decision 0046): `ends` for
   * what lets somebody in or acts in the person's name, else why it stays. Said of every `person`: an architecture test holds it.
   */
  readonly firstProof?: 'ends' | { readonly stays: string };
}

/** Declare what a domain holds of people and tenants: a table that others refer to before those that do. */
export function defineSubjectData(contracts: readonly SubjectDataContract[]): readonly SubjectDataContract[] {
  return Object.freeze(contracts.map((contract) => Object.freeze(contract)));
}

import { type Json } from './json';

/** What becomes of rows when the person or tenant that they belong to is erased. */
export type Erasure =
  | { readonly kind: 'delete' }
  /** The rows stay, and these columns are set to these values. */
  | { readonly kind: 'anonymize'; readonly set: Readonly<Record<string, Json>> }
  /** The rows stay as they are, for a reason that one can tell the person. */
  | { readonly kind: 'keep'; readonly reason: string };

/** One column that says whose a row is. Every table with such a column is declared: a law test holds it. */
export interface SubjectDataContract {
  readonly table: string;
  /** The column with the id of the person, or of the tenant where `holds` says `owner`. */
  readonly column: string;
  /** `person`: the id is an account's; `owner`: an account's or a tenant's. */
  readonly holds: 'person' | 'owner';
  /** What it is, in the words of a privacy notice. */
  readonly summary: string;
  readonly erasure: Erasure;
}

/** Declare what a domain holds of people and tenants. */
export function defineSubjectData(contracts: readonly SubjectDataContract[]): readonly SubjectDataContract[] {
  return Object.freeze(contracts.map((contract) => Object.freeze(contract)));
}

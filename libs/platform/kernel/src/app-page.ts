/** A field of a form, beside what the address carries. */
export interface PageField {
  readonly name: string;
  readonly label: string;
  /** A checkbox may stay as it is: ticked it sends true, else nothing. All others must be filled in. */
  readonly type: 'password' | 'text' | 'checkbox';
  /** As HTML's attribute. */
  readonly autocomplete?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** What a person may do on a page: read a sentence, fill in fields, press one button. */
export interface PageForm<Q extends string = string> {
  readonly says: string;
  readonly button: string;
  /** The button sends `POST` to this path below `/api/v1`. */
  readonly posts: `/${string}`;
  /** Parameters of the address that the body holds, beside the fields. */
  readonly sends?: readonly Q[];
  readonly fields?: readonly PageField[];
  /** Whether the route takes a signed-in person. */
  readonly signedIn?: boolean;
  /** Only for an address with these parameters. */
  readonly when?: Readonly<Partial<Record<Q, string>>>;
}

/**
 * A page of the web application to which a mail or a redirect leads people. A domain declares those that it links to
 * (`@Domain({ pages })`); where ENVIRONMENT is local and no APP_URL is set, this server shows one of its own.
 */
export interface AppPage<Q extends string = string> {
  readonly path: `/${string}`;
  /** Parameters that its address may have. */
  readonly query: readonly Q[];
  readonly title: string;
  /** The first form whose `when` fits is shown. */
  readonly forms: readonly PageForm<Q>[];
}

/** Declare a page of the web application. */
export function defineAppPage<const Q extends string>(page: AppPage<Q>): AppPage<Q> {
  return Object.freeze(page);
}

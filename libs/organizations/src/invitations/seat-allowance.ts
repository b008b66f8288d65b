/** Says how many seats an organization has; bound by the domain that knows its plan. Unbound, `ORGANIZATIONS_MAX_SEATS` holds. */
export abstract class SeatAllowance {
  /** Members and open invitations that the organization may have; null: any number. Asked inside the transaction that takes a seat. */
  abstract seatsOf(organizationId: string): Promise<number | null>;
}

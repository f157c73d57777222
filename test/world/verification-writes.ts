/** A writing call of a verification: the nth call of this operation in its org. */
export interface VerificationWrite {
  readonly org: 'idp' | 'sp';
  readonly operation: string;
  readonly nth: number;
}

/** Every writing call of a verification in which nothing fails, in its order. */
export const verificationWrites: readonly VerificationWrite[] = [
  { org: 'idp', operation: 'createUser', nth: 1 },
  { org: 'idp', operation: 'assignUserToApplication', nth: 1 },
  { org: 'sp', operation: 'assignUserToGroup', nth: 1 },
  { org: 'idp', operation: 'updateUser', nth: 1 },
  { org: 'idp', operation: 'updateUser', nth: 2 },
  { org: 'idp', operation: 'deactivateUser', nth: 1 },
  { org: 'sp', operation: 'deleteUser', nth: 1 },
  { org: 'idp', operation: 'deleteUser', nth: 1 },
];

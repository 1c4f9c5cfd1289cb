/** Who may do what, as data: role, scope and post level. It prints as a table and is asked by one function (rights.ts). */
export const roles = [
  'officer',
  'auxiliary',
  'front-desk',
  'seat',
  'duty-leader',
  'unit-leader',
  'bureau-leader',
  'auditor',
  'administrator',
  'kiosk',
  'reader',
  'gateway',
] as const
export type Role = (typeof roles)[number]

/** own = made by this account or through this device; assigned = the account is named in one of the record's `assigned` fields;
 *  unit = the record's unit is the post's unit; linked-units = or below it; all = every record of this home. */
export const accessScopes = ['own', 'assigned', 'unit', 'linked-units', 'all'] as const
export type AccessScope = (typeof accessScopes)[number]

export interface AccessRow {
  readonly role: Role
  readonly scope: AccessScope
  /** Lowest post level (1 lowest, 9 highest) that holds this right. */
  readonly level: number
}

export const may = (role: Role, scope: AccessScope, options: { level?: number } = {}): AccessRow => ({
  role,
  scope,
  level: options.level ?? 1,
})

/** What everybody who works here may read, and no device without an officer. */
export const staff = (scope: AccessScope = 'all'): readonly AccessRow[] =>
  roles.filter((role) => !['kiosk', 'reader'].includes(role)).map((role) => may(role, scope))

/** Under 14 a guardian consents (PIPL 31, domain rule R5). The masked reading shows the year of birth alone, so the whole year counts as under. */
export const consentAge = 14

/** yearNow: at the station. Without a year nobody is taken for a child: the desk sees the person. */
export const needsGuardian = (birthYear: number | null, yearNow: number): boolean => birthYear !== null && yearNow - birthYear <= consentAge

/** Who acts in the story. None of them is anybody's default: each right was given by the set-up. */

/** Writes the changes, and merges them. */
export const DEVELOPER = 'dana';
/** In the team that lets releases into production. */
export const APPROVER = 'amir';
/** In the team on call. */
export const ON_CALL = 'olga';
/** Whose token the set-up runs with. */
export const ADMINISTRATOR = 'ada';

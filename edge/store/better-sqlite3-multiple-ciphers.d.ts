/** The package is better-sqlite3 with ciphers and ships no types of its own. */
declare module 'better-sqlite3-multiple-ciphers' {
  import Database from 'better-sqlite3'
  export default Database
}

import { MAX_SESSIONS } from '../application/publish-presence.ts'

/**
 * One unit is what it costs to read one of many users: some 10 us of the processors of node and PostgreSQL. `npm run bench:weights` measures
 * what operations cost beside these weights (docs/performance/fairness.md). The weights are rounded. No operation may cost many times what it
 * weighs, because its caller could then take more than their share.
 */
export const OPERATION = 10
/**
 * Parsing and validating a document takes up to 1.2 us for each character. The text of a known document weighs as much: otherwise the weight
 * would tell whether another user has sent the document.
 */
export const CHARACTERS_IN_ONE = 10
/** The number of tokens is limited, so a longer document has longer tokens, which cost little. */
export const MOST_OF_DOCUMENT = 2500
/** Parsing so many texts, objects and lists of JSON costs as much as reading one user; so does scanning so many characters of it. */
export const PARTS_IN_ONE = 20
export const JSON_CHARACTERS_IN_ONE = 4000
/** Parsing a smaller body costs less than the operation in it weighs. */
export const PARTS_OF_SMALL = 1000
export const CHARACTERS_OF_SMALL = 64_000
/** A transaction with its commit. */
export const CHANGE = 60
/** Each user or item that a change names: rows that are locked, written and recorded. */
export const CHANGED = 16
/** Some mutations change many users by a few statements. Each attempt that a service reports is a transaction of its own. */
export const CHANGED_OTHERWISE: Readonly<Record<string, number>> = {
  publishPresenceFor: 8,
  renewPresenceSessionsFor: 6,
  endPresenceSessionsFor: 6,
  reportCommunicationAttempts: 300,
  assignPresenceClassOfService: 6,
  setPresenceServer: 6,
}
/** Frontends send these all day. They change what others are shown, and not what their caller is shown. */
export const OF_SESSIONS = ['publishPresence', 'renewPresenceSession', 'endPresenceSession']
/** A pair of users weighs so much more than one user. */
export const PAIR = 3
export const PAIRS = 'pairs'
/** A statement that reads, with the work of node before and after it. */
const STATEMENT = 40
/** A page is a statement with an order of its own. */
export const PAGE = STATEMENT
/** Fields that read by a statement of their own, by their type and name, or by the type that they return. */
export const READS: Readonly<Record<string, number>> = {
  'Query._entities': STATEMENT,
  // The facts of one user by themselves.
  PresencePrivacy: 2 * STATEMENT,
  'Subscription.presenceUpdates': STATEMENT,
  'PresenceMessaging.decisions': STATEMENT,
  'PresencePrivacyAdministration.classOfService': STATEMENT,
  'PresencePrivacyAdministration.user': STATEMENT,
  'PresencePrivacyAdministration.site': STATEMENT,
  // A statement that counts the users of all classes.
  'PresenceClassOfServiceAdministration.assignedUsers': 300,
  // The largest that the limits of documents admit takes some 5 ms of node.
  'Query.__schema': 500,
  'Query.__type': 500,
}
/** It weighs the same however many contacts there are. A weight that depended on the length would tell it. */
export const CONTACT_LIST = 600
/** Fields that read or change much. They weigh the same however much they find. */
export const MUCH: Readonly<Record<string, number>> = {
  contacts: CONTACT_LIST,
  incomingPresenceRequests: 100,
  classesOfService: 100,
  acceptAllPendingRequests: 500,
  acceptAllPendingRequestsOfUser: 500,
  erasePresenceUser: 500,
}
/** A stream keeps facts of each user, a line of a trail has many columns, and an export reads several tables for each line. */
export const MORE_OF_EACH: Readonly<Record<string, number>> = {
  presenceUpdates: 2,
  trail: 3,
  administrativeActs: 3,
  exportPresenceUser: 8,
}
/** The caller gives no size for these lists. Their fields beyond the usual ones weigh as those of so many entries. */
export const ENTRIES_WITHOUT_SIZE = 500
export const WITHOUT_SIZE = ['incomingPresenceRequests', 'classesOfService']
/** Short lists, and how many entries each may have. */
export const ENTRIES: Readonly<Record<string, number>> = { sessions: MAX_SESSIONS }
/** So many fields of one of many users cost as much as reading that user. */
export const FIELDS_IN_ONE = 6
/** No view shows more of one user. A field beyond these weighs four times as much, because one very wide answer delays everybody. */
export const USUAL_FIELDS = 12

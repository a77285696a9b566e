/* Made by `npm run codegen` from schema/*.graphql; never edited. */
import type { UserId } from '../domain/user-id.ts'
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { PresencePrivacyParent } from '../graphql/parents.ts';
import type { GraphQLContext } from '../graphql/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment in time, ISO 8601 with a time zone, as in `2026-11-22T15:30:00.000Z`. Answers are in UTC with milliseconds. */
  DateTime: { input: number; output: number; }
  _FieldSet: { input: string; output: string; }
};

/** What came of adding a user to the contact list. */
export type AddPresenceContactOutcome =
  /** The user is in the contact list now. */
  | 'ADDED'
  /** The user was in the contact list already. */
  | 'ALREADY_CONTACT'
  /** The contact list holds as many users as the class of service allows. */
  | 'CONTACT_LIST_FULL';

/** What came of adding one user to the contact list. */
export type AddedPresenceContact = {
  readonly __typename?: 'AddedPresenceContact';
  /** What came of it. */
  readonly outcome: AddPresenceContactOutcome;
  /** The user. */
  readonly user: Maybe<User>;
};

/** Whom to allow or block. */
export type DecidePresenceAccessInput = {
  /** What is decided about them. */
  readonly decision: PresenceDecision;
  /**
   * When an `ALLOWED` ends by itself, in the future: the block that it replaced is then in force again, or else nothing is decided.
   * Left out, it stays until changed. A block has no end.
   */
  readonly endsAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The users, 1 to 500; one named twice counts once. */
  readonly userIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** Whose decisions to take back. */
export type DeletePresenceDecisionsInput = {
  /** The users, 1 to 500; one named twice counts once. */
  readonly userIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** Which session ends. */
export type EndPresenceSessionInput = {
  /** The id of one of the caller's own sessions. */
  readonly sessionId: Scalars['ID']['input'];
};

/** What came of ending a session. */
export type EndPresenceSessionPayload = {
  readonly __typename?: 'EndPresenceSessionPayload';
  /** False if the caller had no such session, or it had ended already. */
  readonly ended: Scalars['Boolean']['output'];
  /** What is the caller's own, after the change. */
  readonly presencePrivacy: PresencePrivacy;
};

/** A request that waits for the caller's answer. */
export type IncomingPresenceRequest = {
  readonly __typename?: 'IncomingPresenceRequest';
  /** When it was opened. */
  readonly askedAt: Scalars['DateTime']['output'];
  /** When it expires unless it is answered. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** The id to present and tick in `respondToRequests`; new at every opening. */
  readonly id: Scalars['ID']['output'];
  /** Who asks. */
  readonly requester: Maybe<User>;
  /** Why, in the order in which the reasons came. */
  readonly triggers: ReadonlyArray<PresenceRequestTrigger>;
};

/** A page of requests that wait for the caller's answer. */
export type IncomingPresenceRequestConnection = {
  readonly __typename?: 'IncomingPresenceRequestConnection';
  /** The page's requests with their cursors. */
  readonly edges: ReadonlyArray<IncomingPresenceRequestEdge>;
  /** The page's requests. */
  readonly nodes: ReadonlyArray<IncomingPresenceRequest>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** A request on a page. */
export type IncomingPresenceRequestEdge = {
  readonly __typename?: 'IncomingPresenceRequestEdge';
  /** The request's place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The request. */
  readonly node: IncomingPresenceRequest;
};

/** What happened to what waits for the caller. */
export type IncomingPresenceRequestsChange =
  /** Notices were acknowledged, here or on another device. */
  | 'ACKNOWLEDGED'
  /** Requests have come. */
  | 'ADDED'
  /** Requests were dismissed by the caller, without a decision. */
  | 'DISMISSED'
  /** Requests were not answered in time. */
  | 'EXPIRED'
  /** AUTO_ACCEPT has let users in. */
  | 'NOTICED'
  /** Requests were allowed or blocked, here or on another device. */
  | 'RESOLVED'
  /** This is all that waits, and replaces what was known before. */
  | 'SNAPSHOT'
  /** Requests were taken back. */
  | 'WITHDRAWN';

/** Something happened to what waits for the caller. */
export type IncomingPresenceRequestsEvent = {
  readonly __typename?: 'IncomingPresenceRequestsEvent';
  /** What happened. */
  readonly change: IncomingPresenceRequestsChange;
  /** The ids of the requests or notices that no longer wait, for all other changes: take them out of the popup. */
  readonly closedIds: ReadonlyArray<Scalars['ID']['output']>;
  /** With `SNAPSHOT` the notices not yet acknowledged, at most 500; with `NOTICED` the new ones; else empty. */
  readonly notices: ReadonlyArray<PresenceAccessNotice>;
  /**
   * With `SNAPSHOT` the requests that wait, at most 500, the longest waiting first; with `ADDED` the new ones; else empty. Where more
   * than 500 wait, the others are added as these are answered.
   */
  readonly requests: ReadonlyArray<IncomingPresenceRequest>;
};

/** A status that the caller has set by hand; it replaces what all his devices say while at least one of them is connected. */
export type ManualPresenceStatus = {
  readonly __typename?: 'ManualPresenceStatus';
  /** When it ends by itself; null is "until changed". */
  readonly endsAt: Maybe<Scalars['DateTime']['output']>;
  /** The status shown. */
  readonly status: PresenceStatus;
};

/** A status to set by hand. */
export type ManualPresenceStatusInput = {
  /** When it ends by itself, in the future; left out, it stays until changed. */
  readonly endsAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Any status but `OFFLINE`; to look offline, use `appearOffline`. */
  readonly status: PresenceStatus;
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Allows or blocks users, whether they have asked or not; their open requests are resolved by it. Errors: `BAD_USER_INPUT`, also
   * for deciding about oneself.
   */
  readonly decidePresenceAccess: PresenceDecisionsPayload;
  /**
   * Takes back what was decided about users, back to the default: they see the caller as offline and may ask. What waits is
   * dismissed. Under AUTO_ACCEPT the next request allows them again; only a block revokes for good. Errors: `BAD_USER_INPUT`.
   */
  readonly deletePresenceDecisions: PresenceDecisionsPayload;
  /** Ends one of the caller's sessions at once, as when a device signs out. */
  readonly endPresenceSession: EndPresenceSessionPayload;
  /**
   * Publishes the status of one of the caller's devices and keeps it for the length of its lease. Publishing again with the same
   * session id renews it. Errors: `BAD_USER_INPUT`, `TOO_MANY_SESSIONS`.
   */
  readonly publishPresence: PublishPresencePayload;
  /**
   * Asks for access to the presence of one or several users. Asking again adds the reason and opens no second popup. The answer is
   * the same whether a user exists, has refused the caller before, or has not answered. Errors: `BAD_USER_INPUT`, also for asking oneself.
   */
  readonly requestPresenceAccess: RequestPresenceAccessPayload;
  /**
   * Answers a popup: of the requests that it presented, the ticked ones are allowed and the others blocked, all at once; requests that
   * it did not present stay open. Notices that it presented are acknowledged. Errors: `BAD_USER_INPUT`, for instance when something is
   * ticked that was not presented; `CLIENT_KEY_REUSED`. Nothing applies then.
   */
  readonly respondToRequests: RespondToRequestsPayload;
  /**
   * Changes the caller's own choices; fields that are left out stay as they are. What the class of service locks is refused, one by
   * one, and the rest applies.
   */
  readonly setPresencePreference: SetPresencePreferencePayload;
  /** Takes one of the caller's open requests back. */
  readonly withdrawPresenceRequest: WithdrawPresenceRequestPayload;
};


export type MutationDecidePresenceAccessArgs = {
  input: DecidePresenceAccessInput;
};


export type MutationDeletePresenceDecisionsArgs = {
  input: DeletePresenceDecisionsInput;
};


export type MutationEndPresenceSessionArgs = {
  input: EndPresenceSessionInput;
};


export type MutationPublishPresenceArgs = {
  input: PublishPresenceInput;
};


export type MutationRequestPresenceAccessArgs = {
  input: RequestPresenceAccessInput;
};


export type MutationRespondToRequestsArgs = {
  input: RespondToRequestsInput;
};


export type MutationSetPresencePreferenceArgs = {
  input: SetPresencePreferenceInput;
};


export type MutationWithdrawPresenceRequestArgs = {
  input: WithdrawPresenceRequestInput;
};

/** A request that the caller has made. */
export type OutgoingPresenceRequest = {
  readonly __typename?: 'OutgoingPresenceRequest';
  /** When it was made. */
  readonly askedAt: Scalars['DateTime']['output'];
  /** When it expires, fixed by the caller's class of service when he asked. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** The id to withdraw it by; new at every opening, and unrelated to the id that the other side sees. */
  readonly id: Scalars['ID']['output'];
  /** Why, in the order in which the reasons came. */
  readonly triggers: ReadonlyArray<PresenceRequestTrigger>;
  /** Whose presence the caller has asked for. */
  readonly user: Maybe<User>;
};

/** A page of requests that the caller has made. */
export type OutgoingPresenceRequestConnection = {
  readonly __typename?: 'OutgoingPresenceRequestConnection';
  /** The page's requests with their cursors. */
  readonly edges: ReadonlyArray<OutgoingPresenceRequestEdge>;
  /** The page's requests. */
  readonly nodes: ReadonlyArray<OutgoingPresenceRequest>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** A request on a page. */
export type OutgoingPresenceRequestEdge = {
  readonly __typename?: 'OutgoingPresenceRequestEdge';
  /** The request's place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The request. */
  readonly node: OutgoingPresenceRequest;
};

/** Where a page of a connection lies. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the last edge, to be passed as `after`; null on an empty page. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether more follows after `endCursor`. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether something came before `startCursor`; pages are read forwards, so this is true exactly when `after` was given. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first edge; null on an empty page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** How a user is shown to the caller. */
export type Presence = {
  readonly __typename?: 'Presence';
  /** What the user is doing, if his device said so. */
  readonly activity: Maybe<PresenceActivity>;
  /** The user's note: plain text, at most 280 characters. */
  readonly note: Maybe<Scalars['String']['output']>;
  /** The user's status. */
  readonly status: PresenceStatus;
};

/** What the caller has been told of his access to a user's presence. */
export type PresenceAccess =
  /** The caller has been allowed. */
  | 'ALLOWED'
  /** The caller has not asked, has taken his request back, or it has expired. He may ask. */
  | 'NONE'
  /** The caller has asked. */
  | 'PENDING';

/** Somebody has been given access by the caller's AUTO_ACCEPT. */
export type PresenceAccessNotice = {
  readonly __typename?: 'PresenceAccessNotice';
  /** When he was given it. */
  readonly grantedAt: Scalars['DateTime']['output'];
  /** The id to present in `respondToRequests`, which acknowledges it, ticked or not. */
  readonly id: Scalars['ID']['output'];
  /** Who has been given access. */
  readonly requester: Maybe<User>;
  /** What he asked for it with, in the order in which the reasons came. */
  readonly triggers: ReadonlyArray<PresenceRequestTrigger>;
};

/** A page of notices. */
export type PresenceAccessNoticeConnection = {
  readonly __typename?: 'PresenceAccessNoticeConnection';
  /** The page's notices with their cursors. */
  readonly edges: ReadonlyArray<PresenceAccessNoticeEdge>;
  /** The page's notices. */
  readonly nodes: ReadonlyArray<PresenceAccessNotice>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** A notice on a page. */
export type PresenceAccessNoticeEdge = {
  readonly __typename?: 'PresenceAccessNoticeEdge';
  /** The notice's place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The notice. */
  readonly node: PresenceAccessNotice;
};

/** What a user is doing. */
export type PresenceActivity =
  /** On the phone. */
  | 'IN_A_CALL'
  /** In a conference call. */
  | 'IN_A_CONFERENCE'
  /** In a meeting. */
  | 'IN_A_MEETING'
  /** Off work. */
  | 'OFF_WORK'
  /** Out of the office. */
  | 'OUT_OF_OFFICE'
  /** Presenting. */
  | 'PRESENTING';

/** What a user decides about another's access to his presence. */
export type PresenceDecision =
  /** May see the presence. */
  | 'ALLOWED'
  /** Sees Offline, and his requests reach nobody. */
  | 'BLOCKED';

/** What is decided about one user now. */
export type PresenceDecisionResult = {
  readonly __typename?: 'PresenceDecisionResult';
  /** What is decided; null is the default: sees Offline, and may ask. */
  readonly decision: Maybe<PresenceDecision>;
  /** When an `ALLOWED` ends by itself. */
  readonly endsAt: Maybe<Scalars['DateTime']['output']>;
  /** The user. */
  readonly user: Maybe<User>;
};

/** What is decided now. */
export type PresenceDecisionsPayload = {
  readonly __typename?: 'PresenceDecisionsPayload';
  /** One result for each user, in the order of the input. */
  readonly results: ReadonlyArray<PresenceDecisionResult>;
};

/** What becomes of a request for access to a user's presence. */
export type PresenceInvitationHandling =
  /** Access is given at once; a notice tells the user to whom. */
  | 'AUTO_ACCEPT'
  /** A popup asks the user. */
  | 'PROMPT';

/** The caller's own choices. */
export type PresencePreference = {
  readonly __typename?: 'PresencePreference';
  /** Whether the caller has chosen to appear offline to everyone. */
  readonly appearOffline: Scalars['Boolean']['output'];
  /** Whether the class of service forbids to appear offline. A choice made before holds until the running sessions end. */
  readonly appearOfflineLocked: Scalars['Boolean']['output'];
  /** What in fact becomes of them: the class of service outranks the caller's choice. */
  readonly effectiveInvitationHandling: PresenceInvitationHandling;
  /** What the caller wants to become of requests for access to his presence. */
  readonly invitationHandling: PresenceInvitationHandling;
  /** Whether the class of service decides about `invitationHandling`; the caller's own choice is then kept, and does not count. */
  readonly invitationHandlingLocked: Scalars['Boolean']['output'];
  /** The status set by hand, if one is in force. */
  readonly manualStatus: Maybe<ManualPresenceStatus>;
};

/** All that is the caller's own. */
export type PresencePrivacy = {
  readonly __typename?: 'PresencePrivacy';
  /** Whether the caller now appears offline to everyone. */
  readonly appearsOffline: Scalars['Boolean']['output'];
  /**
   * Requests that wait for the caller's answer, the longest waiting first. The same as the subscription `incomingPresenceRequests`
   * shows, for frontends that poll.
   */
  readonly incomingRequests: IncomingPresenceRequestConnection;
  /** Whom the caller's AUTO_ACCEPT has let in, until he acknowledges it by `respondToRequests`; the oldest first. */
  readonly notices: PresenceAccessNoticeConnection;
  /** Requests that the caller has made and that are open, as far as he has been told; the oldest first. */
  readonly outgoingRequests: OutgoingPresenceRequestConnection;
  /** The caller's own choices, and which of them his class of service locks. */
  readonly preference: PresencePreference;
  /** The caller's own presence, as those see it who may if he does not appear offline. */
  readonly presence: Presence;
  /** The caller's devices that are connected. */
  readonly sessions: ReadonlyArray<PresenceSession>;
  /** The caller. */
  readonly user: Maybe<User>;
};


/** All that is the caller's own. */
export type PresencePrivacyIncomingRequestsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
};


/** All that is the caller's own. */
export type PresencePrivacyNoticesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
};


/** All that is the caller's own. */
export type PresencePrivacyOutgoingRequestsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
};

/** Why something was not applied. */
export type PresenceRefusalReason =
  /** The contact list holds as many users as it may. */
  | 'CONTACT_LIST_FULL'
  /** The caller's class of service decides about it; an administrator can change that. */
  | 'LOCKED_BY_CLASS_OF_SERVICE';

/** Why access was asked for. */
export type PresenceRequestTrigger =
  /** The user was called. */
  | 'CALL'
  /** The user was added to the contact list. */
  | 'CONTACT_ADDED'
  /** Access was asked for directly. */
  | 'DIRECT'
  /** The user was sent an instant message. */
  | 'INSTANT_MESSAGE';

/** One of the caller's own devices that has published a status and keeps it alive. */
export type PresenceSession = {
  readonly __typename?: 'PresenceSession';
  /** The session's id, unique among the caller's sessions. */
  readonly id: Scalars['ID']['output'];
  /** The session ends at this moment unless it publishes again before. */
  readonly leaseEndsAt: Scalars['DateTime']['output'];
  /** What this device says. */
  readonly presence: Presence;
};

/** Whether and how a user can be reached. */
export type PresenceStatus =
  /** At the device, and free. */
  | 'AVAILABLE'
  /** Not there. */
  | 'AWAY'
  /** Away for a moment. */
  | 'BE_RIGHT_BACK'
  /** Occupied. */
  | 'BUSY'
  /** Does not want to be disturbed. */
  | 'DO_NOT_DISTURB'
  /** Connected, not active for a while. */
  | 'IDLE'
  /** Not connected, or not shown to the caller: the two cannot be told apart. Never published. */
  | 'OFFLINE';

/** What a device publishes. */
export type PublishPresenceInput = {
  /** What the user is doing, if known. */
  readonly activity?: InputMaybe<PresenceActivity>;
  /** How long the session lives unless it publishes again, in seconds: 10 to 3600. */
  readonly leaseSeconds: Scalars['Int']['input'];
  /** A note: plain text, at most 280 characters, without control characters or changes of writing direction. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /** The session to renew, 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Left out, a new session begins and its id is in the payload. */
  readonly sessionId?: InputMaybe<Scalars['ID']['input']>;
  /** The status; `OFFLINE` is never published: end the session instead. */
  readonly status: PresenceStatus;
};

/** The session after publishing. */
export type PublishPresencePayload = {
  readonly __typename?: 'PublishPresencePayload';
  /** What is the caller's own, after the change. */
  readonly presencePrivacy: PresencePrivacy;
  /** The session that published. */
  readonly session: PresenceSession;
};

export type Query = {
  readonly __typename?: 'Query';
  /** All that is the caller's own: presence, preference, and the requests that wait, in both directions. */
  readonly presencePrivacy: PresencePrivacy;
};

/** A choice that was not applied. */
export type RefusedPresencePreference = {
  readonly __typename?: 'RefusedPresencePreference';
  /** The field of the input. */
  readonly field: Scalars['String']['output'];
  /** Why. */
  readonly reason: PresenceRefusalReason;
};

/** Whom to ask, and why. */
export type RequestPresenceAccessInput = {
  /** Whether to add them to the caller's contact list in the same step. */
  readonly addToContacts: Scalars['Boolean']['input'];
  /** Why. Left out: `CONTACT_ADDED` together with `addToContacts`, else `DIRECT`. */
  readonly trigger?: InputMaybe<PresenceRequestTrigger>;
  /** The users whose presence is asked for, 1 to 100; one named twice is asked once. */
  readonly userIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What came of asking. */
export type RequestPresenceAccessPayload = {
  readonly __typename?: 'RequestPresenceAccessPayload';
  /** One result for each user asked, in the order of the input. */
  readonly results: ReadonlyArray<RequestPresenceAccessResult>;
};

/** What came of asking one user. */
export type RequestPresenceAccessResult = {
  readonly __typename?: 'RequestPresenceAccessResult';
  /** The caller's access as this request left it. `PENDING` says that the request is made, not that it was delivered. */
  readonly access: PresenceAccess;
  /** What came of adding the user to the contact list; null when that was not asked for. */
  readonly contact: Maybe<AddPresenceContactOutcome>;
  /** The caller's open request; null when access is `ALLOWED`. */
  readonly request: Maybe<OutgoingPresenceRequest>;
  /** The user. */
  readonly user: Maybe<User>;
};

/** What came of one presented request or notice. */
export type RespondToRequestOutcome = {
  readonly __typename?: 'RespondToRequestOutcome';
  /** What was decided about the request, by this answer (`APPLIED`) or before (`ALREADY_RESOLVED`); else null. */
  readonly decision: Maybe<PresenceDecision>;
  /** The presented id. */
  readonly id: Scalars['ID']['output'];
  /** What became of it. */
  readonly outcome: RespondToRequestOutcomeKind;
};

/** What became of a presented request or notice. */
export type RespondToRequestOutcomeKind =
  /** A notice, which is acknowledged now or was before. */
  | 'ACKNOWLEDGED'
  /** It was answered before, on another device or in the privacy list. */
  | 'ALREADY_RESOLVED'
  /** The answer applies. */
  | 'APPLIED'
  /** It was dismissed before. */
  | 'DISMISSED'
  /** It expired before. */
  | 'EXPIRED'
  /** The caller has no such request. */
  | 'NOT_FOUND'
  /** It was taken back before. */
  | 'WITHDRAWN';

/** The answer to a popup. */
export type RespondToRequestsInput = {
  /** Whether to add the users of the ticked ones to the caller's contact list, which asks them for access in turn. */
  readonly addTickedToContacts: Scalars['Boolean']['input'];
  /** Whether to accept all future requests without asking: sets the invitation handling to `AUTO_ACCEPT`. */
  readonly alwaysAccept: Scalars['Boolean']['input'];
  /**
   * A key that the client makes for this answer, 1 to 64 characters of `A-Z a-z 0-9 . _ : -`. Sent again with the same answer, it
   * returns the stored result and does nothing, for at least 24 hours; with another answer it is an error.
   */
  readonly clientKey?: InputMaybe<Scalars['String']['input']>;
  /** The ids of all requests and notices that the popup showed when OK was pressed, 1 to 500. */
  readonly presentedIds: ReadonlyArray<Scalars['ID']['input']>;
  /** Those of them that were ticked. The others are blocked. */
  readonly tickedIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What came of an answer. */
export type RespondToRequestsPayload = {
  readonly __typename?: 'RespondToRequestsPayload';
  /** Why `alwaysAccept` was not applied; null when it was, or was not asked for. */
  readonly alwaysAcceptRefused: Maybe<PresenceRefusalReason>;
  /** What came of adding the ticked ones to the contact list, in ticked order; empty when that was not asked for. */
  readonly contacts: ReadonlyArray<AddedPresenceContact>;
  /** One outcome for each presented id, in the order of the input; one named twice has one outcome. */
  readonly outcomes: ReadonlyArray<RespondToRequestOutcome>;
};

/** The choices to change. */
export type SetPresencePreferenceInput = {
  /** Whether to appear offline to everyone. */
  readonly appearOffline?: InputMaybe<Scalars['Boolean']['input']>;
  /** What shall become of requests. What is open or decided already stays as it is. */
  readonly invitationHandling?: InputMaybe<PresenceInvitationHandling>;
  /** The status to set by hand; null takes it back. */
  readonly manualStatus?: InputMaybe<ManualPresenceStatusInput>;
};

/** The choices as they are now. */
export type SetPresencePreferencePayload = {
  readonly __typename?: 'SetPresencePreferencePayload';
  /** What is the caller's own, after the change. */
  readonly presencePrivacy: PresencePrivacy;
  /** What was refused, because the class of service locks it; empty if all was applied. */
  readonly refused: ReadonlyArray<RefusedPresencePreference>;
};

export type Subscription = {
  readonly __typename?: 'Subscription';
  /** What waits for the caller, as a popup shows it: first everything open, then every change, from whichever device it came. */
  readonly incomingPresenceRequests: IncomingPresenceRequestsEvent;
};

/**
 * A user of the graph. This subgraph adds what the caller may see of that user's presence; everything else about a user comes
 * from other subgraphs. Any id is accepted: whether such a user exists is never asked, and an unknown one looks like a silent one.
 * Wherever this subgraph leads to a user, the field is nullable: another subgraph that fails, or does not know the user, must not take the
 * request or the answer around it away. Nothing here ever makes it null.
 */
export type User = {
  readonly __typename?: 'User';
  /** The graph's id of this user: opaque, 1 to 255 bytes, compared byte for byte. */
  readonly id: Scalars['ID']['output'];
  /**
   * The presence that this user shows to the caller. A user who is hidden from the caller, for whatever reason, is exactly a user
   * who is offline: `OFFLINE` without activity or note. Null only together with an error, when this subgraph could not read what
   * decides (`PRESENCE_UNAVAILABLE`); never for privacy.
   */
  readonly presence: Maybe<Presence>;
  /**
   * What the caller has been told of his access to this user's presence: the result of his own asking, and of having been allowed.
   * It never tells of a refusal. For the caller himself: `ALLOWED`. Null only together with an error, as for `presence`.
   */
  readonly presenceAccess: Maybe<PresenceAccess>;
};

/** Which request to take back. */
export type WithdrawPresenceRequestInput = {
  /** The id of one of the caller's outgoing requests. */
  readonly requestId: Scalars['ID']['input'];
};

/** What became of a request that was taken back. */
export type WithdrawPresenceRequestOutcome =
  /** The caller has been allowed before; nothing is left to withdraw. */
  | 'ALREADY_ALLOWED'
  /** The request had expired. */
  | 'EXPIRED'
  /** The caller has made no such request. */
  | 'NOT_FOUND'
  /** The request is withdrawn, now or before. */
  | 'WITHDRAWN';

/** What came of taking a request back. */
export type WithdrawPresenceRequestPayload = {
  readonly __typename?: 'WithdrawPresenceRequestPayload';
  /** What became of the request. */
  readonly outcome: WithdrawPresenceRequestOutcome;
  /** Whose presence it asked for; null when the request was not found. */
  readonly user: Maybe<User>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AddPresenceContactOutcome: AddPresenceContactOutcome;
  AddedPresenceContact: ResolverTypeWrapper<Omit<AddedPresenceContact, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DecidePresenceAccessInput: DecidePresenceAccessInput;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  DeletePresenceDecisionsInput: DeletePresenceDecisionsInput;
  EndPresenceSessionInput: EndPresenceSessionInput;
  EndPresenceSessionPayload: ResolverTypeWrapper<Omit<EndPresenceSessionPayload, 'presencePrivacy'> & { presencePrivacy: ResolversTypes['PresencePrivacy'] }>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  IncomingPresenceRequest: ResolverTypeWrapper<Omit<IncomingPresenceRequest, 'requester'> & { requester?: Maybe<ResolversTypes['User']> }>;
  IncomingPresenceRequestConnection: ResolverTypeWrapper<Omit<IncomingPresenceRequestConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['IncomingPresenceRequestEdge']>, nodes: ReadonlyArray<ResolversTypes['IncomingPresenceRequest']> }>;
  IncomingPresenceRequestEdge: ResolverTypeWrapper<Omit<IncomingPresenceRequestEdge, 'node'> & { node: ResolversTypes['IncomingPresenceRequest'] }>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  IncomingPresenceRequestsChange: IncomingPresenceRequestsChange;
  IncomingPresenceRequestsEvent: ResolverTypeWrapper<Omit<IncomingPresenceRequestsEvent, 'notices' | 'requests'> & { notices: ReadonlyArray<ResolversTypes['PresenceAccessNotice']>, requests: ReadonlyArray<ResolversTypes['IncomingPresenceRequest']> }>;
  ManualPresenceStatus: ResolverTypeWrapper<ManualPresenceStatus>;
  ManualPresenceStatusInput: ManualPresenceStatusInput;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  OutgoingPresenceRequest: ResolverTypeWrapper<Omit<OutgoingPresenceRequest, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  OutgoingPresenceRequestConnection: ResolverTypeWrapper<Omit<OutgoingPresenceRequestConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['OutgoingPresenceRequestEdge']>, nodes: ReadonlyArray<ResolversTypes['OutgoingPresenceRequest']> }>;
  OutgoingPresenceRequestEdge: ResolverTypeWrapper<Omit<OutgoingPresenceRequestEdge, 'node'> & { node: ResolversTypes['OutgoingPresenceRequest'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Presence: ResolverTypeWrapper<Presence>;
  PresenceAccess: PresenceAccess;
  PresenceAccessNotice: ResolverTypeWrapper<Omit<PresenceAccessNotice, 'requester'> & { requester?: Maybe<ResolversTypes['User']> }>;
  PresenceAccessNoticeConnection: ResolverTypeWrapper<Omit<PresenceAccessNoticeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PresenceAccessNoticeEdge']>, nodes: ReadonlyArray<ResolversTypes['PresenceAccessNotice']> }>;
  PresenceAccessNoticeEdge: ResolverTypeWrapper<Omit<PresenceAccessNoticeEdge, 'node'> & { node: ResolversTypes['PresenceAccessNotice'] }>;
  PresenceActivity: PresenceActivity;
  PresenceDecision: PresenceDecision;
  PresenceDecisionResult: ResolverTypeWrapper<Omit<PresenceDecisionResult, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  PresenceDecisionsPayload: ResolverTypeWrapper<Omit<PresenceDecisionsPayload, 'results'> & { results: ReadonlyArray<ResolversTypes['PresenceDecisionResult']> }>;
  PresenceInvitationHandling: PresenceInvitationHandling;
  PresencePreference: ResolverTypeWrapper<PresencePreference>;
  PresencePrivacy: ResolverTypeWrapper<PresencePrivacyParent>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  PresenceRefusalReason: PresenceRefusalReason;
  PresenceRequestTrigger: PresenceRequestTrigger;
  PresenceSession: ResolverTypeWrapper<PresenceSession>;
  PresenceStatus: PresenceStatus;
  PublishPresenceInput: PublishPresenceInput;
  PublishPresencePayload: ResolverTypeWrapper<Omit<PublishPresencePayload, 'presencePrivacy'> & { presencePrivacy: ResolversTypes['PresencePrivacy'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RefusedPresencePreference: ResolverTypeWrapper<RefusedPresencePreference>;
  RequestPresenceAccessInput: RequestPresenceAccessInput;
  RequestPresenceAccessPayload: ResolverTypeWrapper<Omit<RequestPresenceAccessPayload, 'results'> & { results: ReadonlyArray<ResolversTypes['RequestPresenceAccessResult']> }>;
  RequestPresenceAccessResult: ResolverTypeWrapper<Omit<RequestPresenceAccessResult, 'request' | 'user'> & { request?: Maybe<ResolversTypes['OutgoingPresenceRequest']>, user?: Maybe<ResolversTypes['User']> }>;
  RespondToRequestOutcome: ResolverTypeWrapper<RespondToRequestOutcome>;
  RespondToRequestOutcomeKind: RespondToRequestOutcomeKind;
  RespondToRequestsInput: RespondToRequestsInput;
  RespondToRequestsPayload: ResolverTypeWrapper<Omit<RespondToRequestsPayload, 'contacts'> & { contacts: ReadonlyArray<ResolversTypes['AddedPresenceContact']> }>;
  SetPresencePreferenceInput: SetPresencePreferenceInput;
  SetPresencePreferencePayload: ResolverTypeWrapper<Omit<SetPresencePreferencePayload, 'presencePrivacy'> & { presencePrivacy: ResolversTypes['PresencePrivacy'] }>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  User: ResolverTypeWrapper<{ readonly id: UserId }>;
  WithdrawPresenceRequestInput: WithdrawPresenceRequestInput;
  WithdrawPresenceRequestOutcome: WithdrawPresenceRequestOutcome;
  WithdrawPresenceRequestPayload: ResolverTypeWrapper<Omit<WithdrawPresenceRequestPayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AddedPresenceContact: Omit<AddedPresenceContact, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  DateTime: Scalars['DateTime']['output'];
  DecidePresenceAccessInput: DecidePresenceAccessInput;
  ID: Scalars['ID']['output'];
  DeletePresenceDecisionsInput: DeletePresenceDecisionsInput;
  EndPresenceSessionInput: EndPresenceSessionInput;
  EndPresenceSessionPayload: Omit<EndPresenceSessionPayload, 'presencePrivacy'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'] };
  Boolean: Scalars['Boolean']['output'];
  IncomingPresenceRequest: Omit<IncomingPresenceRequest, 'requester'> & { requester?: Maybe<ResolversParentTypes['User']> };
  IncomingPresenceRequestConnection: Omit<IncomingPresenceRequestConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['IncomingPresenceRequestEdge']>, nodes: ReadonlyArray<ResolversParentTypes['IncomingPresenceRequest']> };
  IncomingPresenceRequestEdge: Omit<IncomingPresenceRequestEdge, 'node'> & { node: ResolversParentTypes['IncomingPresenceRequest'] };
  String: Scalars['String']['output'];
  IncomingPresenceRequestsEvent: Omit<IncomingPresenceRequestsEvent, 'notices' | 'requests'> & { notices: ReadonlyArray<ResolversParentTypes['PresenceAccessNotice']>, requests: ReadonlyArray<ResolversParentTypes['IncomingPresenceRequest']> };
  ManualPresenceStatus: ManualPresenceStatus;
  ManualPresenceStatusInput: ManualPresenceStatusInput;
  Mutation: Record<PropertyKey, never>;
  OutgoingPresenceRequest: Omit<OutgoingPresenceRequest, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  OutgoingPresenceRequestConnection: Omit<OutgoingPresenceRequestConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['OutgoingPresenceRequestEdge']>, nodes: ReadonlyArray<ResolversParentTypes['OutgoingPresenceRequest']> };
  OutgoingPresenceRequestEdge: Omit<OutgoingPresenceRequestEdge, 'node'> & { node: ResolversParentTypes['OutgoingPresenceRequest'] };
  PageInfo: PageInfo;
  Presence: Presence;
  PresenceAccessNotice: Omit<PresenceAccessNotice, 'requester'> & { requester?: Maybe<ResolversParentTypes['User']> };
  PresenceAccessNoticeConnection: Omit<PresenceAccessNoticeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PresenceAccessNoticeEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PresenceAccessNotice']> };
  PresenceAccessNoticeEdge: Omit<PresenceAccessNoticeEdge, 'node'> & { node: ResolversParentTypes['PresenceAccessNotice'] };
  PresenceDecisionResult: Omit<PresenceDecisionResult, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  PresenceDecisionsPayload: Omit<PresenceDecisionsPayload, 'results'> & { results: ReadonlyArray<ResolversParentTypes['PresenceDecisionResult']> };
  PresencePreference: PresencePreference;
  PresencePrivacy: PresencePrivacyParent;
  Int: Scalars['Int']['output'];
  PresenceSession: PresenceSession;
  PublishPresenceInput: PublishPresenceInput;
  PublishPresencePayload: Omit<PublishPresencePayload, 'presencePrivacy'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'] };
  Query: Record<PropertyKey, never>;
  RefusedPresencePreference: RefusedPresencePreference;
  RequestPresenceAccessInput: RequestPresenceAccessInput;
  RequestPresenceAccessPayload: Omit<RequestPresenceAccessPayload, 'results'> & { results: ReadonlyArray<ResolversParentTypes['RequestPresenceAccessResult']> };
  RequestPresenceAccessResult: Omit<RequestPresenceAccessResult, 'request' | 'user'> & { request?: Maybe<ResolversParentTypes['OutgoingPresenceRequest']>, user?: Maybe<ResolversParentTypes['User']> };
  RespondToRequestOutcome: RespondToRequestOutcome;
  RespondToRequestsInput: RespondToRequestsInput;
  RespondToRequestsPayload: Omit<RespondToRequestsPayload, 'contacts'> & { contacts: ReadonlyArray<ResolversParentTypes['AddedPresenceContact']> };
  SetPresencePreferenceInput: SetPresencePreferenceInput;
  SetPresencePreferencePayload: Omit<SetPresencePreferencePayload, 'presencePrivacy'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'] };
  Subscription: Record<PropertyKey, never>;
  User: { readonly id: UserId };
  WithdrawPresenceRequestInput: WithdrawPresenceRequestInput;
  WithdrawPresenceRequestPayload: Omit<WithdrawPresenceRequestPayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
};

export type AddedPresenceContactResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AddedPresenceContact'] = ResolversParentTypes['AddedPresenceContact']> = {
  outcome?: Resolver<ResolversTypes['AddPresenceContactOutcome'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type EndPresenceSessionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EndPresenceSessionPayload'] = ResolversParentTypes['EndPresenceSessionPayload']> = {
  ended?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
};

export type IncomingPresenceRequestResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['IncomingPresenceRequest'] = ResolversParentTypes['IncomingPresenceRequest']> = {
  askedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  requester?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  triggers?: Resolver<ReadonlyArray<ResolversTypes['PresenceRequestTrigger']>, ParentType, ContextType>;
};

export type IncomingPresenceRequestConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['IncomingPresenceRequestConnection'] = ResolversParentTypes['IncomingPresenceRequestConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['IncomingPresenceRequestEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['IncomingPresenceRequest']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type IncomingPresenceRequestEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['IncomingPresenceRequestEdge'] = ResolversParentTypes['IncomingPresenceRequestEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['IncomingPresenceRequest'], ParentType, ContextType>;
};

export type IncomingPresenceRequestsEventResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['IncomingPresenceRequestsEvent'] = ResolversParentTypes['IncomingPresenceRequestsEvent']> = {
  change?: Resolver<ResolversTypes['IncomingPresenceRequestsChange'], ParentType, ContextType>;
  closedIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  notices?: Resolver<ReadonlyArray<ResolversTypes['PresenceAccessNotice']>, ParentType, ContextType>;
  requests?: Resolver<ReadonlyArray<ResolversTypes['IncomingPresenceRequest']>, ParentType, ContextType>;
};

export type ManualPresenceStatusResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ManualPresenceStatus'] = ResolversParentTypes['ManualPresenceStatus']> = {
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PresenceStatus'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  decidePresenceAccess?: Resolver<ResolversTypes['PresenceDecisionsPayload'], ParentType, ContextType, RequireFields<MutationDecidePresenceAccessArgs, 'input'>>;
  deletePresenceDecisions?: Resolver<ResolversTypes['PresenceDecisionsPayload'], ParentType, ContextType, RequireFields<MutationDeletePresenceDecisionsArgs, 'input'>>;
  endPresenceSession?: Resolver<ResolversTypes['EndPresenceSessionPayload'], ParentType, ContextType, RequireFields<MutationEndPresenceSessionArgs, 'input'>>;
  publishPresence?: Resolver<ResolversTypes['PublishPresencePayload'], ParentType, ContextType, RequireFields<MutationPublishPresenceArgs, 'input'>>;
  requestPresenceAccess?: Resolver<ResolversTypes['RequestPresenceAccessPayload'], ParentType, ContextType, RequireFields<MutationRequestPresenceAccessArgs, 'input'>>;
  respondToRequests?: Resolver<ResolversTypes['RespondToRequestsPayload'], ParentType, ContextType, RequireFields<MutationRespondToRequestsArgs, 'input'>>;
  setPresencePreference?: Resolver<ResolversTypes['SetPresencePreferencePayload'], ParentType, ContextType, RequireFields<MutationSetPresencePreferenceArgs, 'input'>>;
  withdrawPresenceRequest?: Resolver<ResolversTypes['WithdrawPresenceRequestPayload'], ParentType, ContextType, RequireFields<MutationWithdrawPresenceRequestArgs, 'input'>>;
};

export type OutgoingPresenceRequestResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['OutgoingPresenceRequest'] = ResolversParentTypes['OutgoingPresenceRequest']> = {
  askedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  triggers?: Resolver<ReadonlyArray<ResolversTypes['PresenceRequestTrigger']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type OutgoingPresenceRequestConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['OutgoingPresenceRequestConnection'] = ResolversParentTypes['OutgoingPresenceRequestConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OutgoingPresenceRequestEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['OutgoingPresenceRequest']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OutgoingPresenceRequestEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['OutgoingPresenceRequestEdge'] = ResolversParentTypes['OutgoingPresenceRequestEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['OutgoingPresenceRequest'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PresenceResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Presence'] = ResolversParentTypes['Presence']> = {
  activity?: Resolver<Maybe<ResolversTypes['PresenceActivity']>, ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PresenceStatus'], ParentType, ContextType>;
};

export type PresenceAccessNoticeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAccessNotice'] = ResolversParentTypes['PresenceAccessNotice']> = {
  grantedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  requester?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  triggers?: Resolver<ReadonlyArray<ResolversTypes['PresenceRequestTrigger']>, ParentType, ContextType>;
};

export type PresenceAccessNoticeConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAccessNoticeConnection'] = ResolversParentTypes['PresenceAccessNoticeConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PresenceAccessNoticeEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PresenceAccessNotice']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PresenceAccessNoticeEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAccessNoticeEdge'] = ResolversParentTypes['PresenceAccessNoticeEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PresenceAccessNotice'], ParentType, ContextType>;
};

export type PresenceDecisionResultResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceDecisionResult'] = ResolversParentTypes['PresenceDecisionResult']> = {
  decision?: Resolver<Maybe<ResolversTypes['PresenceDecision']>, ParentType, ContextType>;
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type PresenceDecisionsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceDecisionsPayload'] = ResolversParentTypes['PresenceDecisionsPayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['PresenceDecisionResult']>, ParentType, ContextType>;
};

export type PresencePreferenceResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresencePreference'] = ResolversParentTypes['PresencePreference']> = {
  appearOffline?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  appearOfflineLocked?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  effectiveInvitationHandling?: Resolver<ResolversTypes['PresenceInvitationHandling'], ParentType, ContextType>;
  invitationHandling?: Resolver<ResolversTypes['PresenceInvitationHandling'], ParentType, ContextType>;
  invitationHandlingLocked?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  manualStatus?: Resolver<Maybe<ResolversTypes['ManualPresenceStatus']>, ParentType, ContextType>;
};

export type PresencePrivacyResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresencePrivacy'] = ResolversParentTypes['PresencePrivacy']> = {
  appearsOffline?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  incomingRequests?: Resolver<ResolversTypes['IncomingPresenceRequestConnection'], ParentType, ContextType, RequireFields<PresencePrivacyIncomingRequestsArgs, 'first'>>;
  notices?: Resolver<ResolversTypes['PresenceAccessNoticeConnection'], ParentType, ContextType, RequireFields<PresencePrivacyNoticesArgs, 'first'>>;
  outgoingRequests?: Resolver<ResolversTypes['OutgoingPresenceRequestConnection'], ParentType, ContextType, RequireFields<PresencePrivacyOutgoingRequestsArgs, 'first'>>;
  preference?: Resolver<ResolversTypes['PresencePreference'], ParentType, ContextType>;
  presence?: Resolver<ResolversTypes['Presence'], ParentType, ContextType>;
  sessions?: Resolver<ReadonlyArray<ResolversTypes['PresenceSession']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type PresenceSessionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceSession'] = ResolversParentTypes['PresenceSession']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  leaseEndsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  presence?: Resolver<ResolversTypes['Presence'], ParentType, ContextType>;
};

export type PublishPresencePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PublishPresencePayload'] = ResolversParentTypes['PublishPresencePayload']> = {
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
  session?: Resolver<ResolversTypes['PresenceSession'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
};

export type RefusedPresencePreferenceResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RefusedPresencePreference'] = ResolversParentTypes['RefusedPresencePreference']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['PresenceRefusalReason'], ParentType, ContextType>;
};

export type RequestPresenceAccessPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RequestPresenceAccessPayload'] = ResolversParentTypes['RequestPresenceAccessPayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['RequestPresenceAccessResult']>, ParentType, ContextType>;
};

export type RequestPresenceAccessResultResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RequestPresenceAccessResult'] = ResolversParentTypes['RequestPresenceAccessResult']> = {
  access?: Resolver<ResolversTypes['PresenceAccess'], ParentType, ContextType>;
  contact?: Resolver<Maybe<ResolversTypes['AddPresenceContactOutcome']>, ParentType, ContextType>;
  request?: Resolver<Maybe<ResolversTypes['OutgoingPresenceRequest']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type RespondToRequestOutcomeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RespondToRequestOutcome'] = ResolversParentTypes['RespondToRequestOutcome']> = {
  decision?: Resolver<Maybe<ResolversTypes['PresenceDecision']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['RespondToRequestOutcomeKind'], ParentType, ContextType>;
};

export type RespondToRequestsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RespondToRequestsPayload'] = ResolversParentTypes['RespondToRequestsPayload']> = {
  alwaysAcceptRefused?: Resolver<Maybe<ResolversTypes['PresenceRefusalReason']>, ParentType, ContextType>;
  contacts?: Resolver<ReadonlyArray<ResolversTypes['AddedPresenceContact']>, ParentType, ContextType>;
  outcomes?: Resolver<ReadonlyArray<ResolversTypes['RespondToRequestOutcome']>, ParentType, ContextType>;
};

export type SetPresencePreferencePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SetPresencePreferencePayload'] = ResolversParentTypes['SetPresencePreferencePayload']> = {
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
  refused?: Resolver<ReadonlyArray<ResolversTypes['RefusedPresencePreference']>, ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  incomingPresenceRequests?: SubscriptionResolver<ResolversTypes['IncomingPresenceRequestsEvent'], "incomingPresenceRequests", ParentType, ContextType>;
};

export type UserResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  presence?: Resolver<Maybe<ResolversTypes['Presence']>, ParentType, ContextType>;
  presenceAccess?: Resolver<Maybe<ResolversTypes['PresenceAccess']>, ParentType, ContextType>;
};

export type WithdrawPresenceRequestPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['WithdrawPresenceRequestPayload'] = ResolversParentTypes['WithdrawPresenceRequestPayload']> = {
  outcome?: Resolver<ResolversTypes['WithdrawPresenceRequestOutcome'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphQLContext> = {
  AddedPresenceContact?: AddedPresenceContactResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  EndPresenceSessionPayload?: EndPresenceSessionPayloadResolvers<ContextType>;
  IncomingPresenceRequest?: IncomingPresenceRequestResolvers<ContextType>;
  IncomingPresenceRequestConnection?: IncomingPresenceRequestConnectionResolvers<ContextType>;
  IncomingPresenceRequestEdge?: IncomingPresenceRequestEdgeResolvers<ContextType>;
  IncomingPresenceRequestsEvent?: IncomingPresenceRequestsEventResolvers<ContextType>;
  ManualPresenceStatus?: ManualPresenceStatusResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  OutgoingPresenceRequest?: OutgoingPresenceRequestResolvers<ContextType>;
  OutgoingPresenceRequestConnection?: OutgoingPresenceRequestConnectionResolvers<ContextType>;
  OutgoingPresenceRequestEdge?: OutgoingPresenceRequestEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Presence?: PresenceResolvers<ContextType>;
  PresenceAccessNotice?: PresenceAccessNoticeResolvers<ContextType>;
  PresenceAccessNoticeConnection?: PresenceAccessNoticeConnectionResolvers<ContextType>;
  PresenceAccessNoticeEdge?: PresenceAccessNoticeEdgeResolvers<ContextType>;
  PresenceDecisionResult?: PresenceDecisionResultResolvers<ContextType>;
  PresenceDecisionsPayload?: PresenceDecisionsPayloadResolvers<ContextType>;
  PresencePreference?: PresencePreferenceResolvers<ContextType>;
  PresencePrivacy?: PresencePrivacyResolvers<ContextType>;
  PresenceSession?: PresenceSessionResolvers<ContextType>;
  PublishPresencePayload?: PublishPresencePayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RefusedPresencePreference?: RefusedPresencePreferenceResolvers<ContextType>;
  RequestPresenceAccessPayload?: RequestPresenceAccessPayloadResolvers<ContextType>;
  RequestPresenceAccessResult?: RequestPresenceAccessResultResolvers<ContextType>;
  RespondToRequestOutcome?: RespondToRequestOutcomeResolvers<ContextType>;
  RespondToRequestsPayload?: RespondToRequestsPayloadResolvers<ContextType>;
  SetPresencePreferencePayload?: SetPresencePreferencePayloadResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  WithdrawPresenceRequestPayload?: WithdrawPresenceRequestPayloadResolvers<ContextType>;
};


/* Made by `npm run codegen` from schema/*.graphql; never edited. */
import type { UserId } from '../domain/user-id.ts'
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { PresencePrivacyParent, MessagingParent, AdministrationParent, AuditParent, ClassAdministrationParent } from '../graphql/parents.ts';
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

/** Whose requests to accept. */
export type AcceptAllPendingRequestsOfUserInput = {
  /** The user who was asked. */
  readonly userId: Scalars['ID']['input'];
};

/** What came of accepting all that waits for a user. */
export type AcceptAllPendingRequestsOfUserPayload = {
  readonly __typename?: 'AcceptAllPendingRequestsOfUserPayload';
  /** How many requests were allowed. */
  readonly acceptedCount: Scalars['Int']['output'];
  /** Whether requests were left because there were very many (some 10,000): call again to accept them. */
  readonly hasMore: Scalars['Boolean']['output'];
};

/** What came of accepting all that waits. */
export type AcceptAllPendingRequestsPayload = {
  readonly __typename?: 'AcceptAllPendingRequestsPayload';
  /** How many requests were allowed. */
  readonly acceptedCount: Scalars['Int']['output'];
  /** Whether requests were left because there were very many (some 10,000): call again to accept them. */
  readonly hasMore: Scalars['Boolean']['output'];
  /** All that is the caller's own, as it is now. */
  readonly presencePrivacy: PresencePrivacy;
};

/** What came of adding a user to the contact list. */
export type AddPresenceContactOutcome =
  /** The user is in the contact list now. */
  | 'ADDED'
  /** The user was in the contact list already. */
  | 'ALREADY_CONTACT'
  /** The contact list holds as many users as the class of service allows. */
  | 'CONTACT_LIST_FULL';

/** Whom to add to the contact list. */
export type AddPresenceContactsInput = {
  /** The users, 1 to 500, added in this order as long as there is room; one named twice counts once. */
  readonly userIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What came of adding users to the contact list. */
export type AddPresenceContactsPayload = {
  readonly __typename?: 'AddPresenceContactsPayload';
  /** What is the caller's own, after the change. */
  readonly presencePrivacy: PresencePrivacy;
  /** One result for each user, in the order of the input. */
  readonly results: ReadonlyArray<AddPresenceContactsResult>;
};

/** What came of adding one user, and of asking for access with it. */
export type AddPresenceContactsResult = {
  readonly __typename?: 'AddPresenceContactsResult';
  /** What came of asking for access; null when the list was full, so that nothing was asked. */
  readonly asked: Maybe<RequestPresenceAccessResult>;
  /** What came of adding the user. */
  readonly outcome: AddPresenceContactOutcome;
  /** The user. */
  readonly user: Maybe<User>;
};

/** What came of adding one user to the contact list. */
export type AddedPresenceContact = {
  readonly __typename?: 'AddedPresenceContact';
  /** What came of asking the user for access in turn; null when he was not added, so that nothing was asked. */
  readonly asked: Maybe<RequestPresenceAccessResult>;
  /** What came of it. */
  readonly outcome: AddPresenceContactOutcome;
  /** The user. */
  readonly user: Maybe<User>;
};

/** Whom to put into which class of service. */
export type AssignPresenceClassOfServiceInput = {
  /** The name of the class; that of the default class takes users out of all others. */
  readonly className: Scalars['String']['input'];
  /** The users, 1 to 1000; one named twice counts once. */
  readonly userIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What came of putting users into a class of service. */
export type AssignPresenceClassOfServiceOutcome =
  /** All of the users are in the class. */
  | 'ASSIGNED'
  /** There is no class of this name; nobody was assigned. */
  | 'CLASS_NOT_FOUND';

/** What came of putting users into a class of service. */
export type AssignPresenceClassOfServicePayload = {
  readonly __typename?: 'AssignPresenceClassOfServicePayload';
  /** What came of it. */
  readonly outcome: AssignPresenceClassOfServiceOutcome;
  /** What is set for the users now, in the order of the input; empty unless they were assigned. */
  readonly users: ReadonlyArray<PresenceUserAdministration>;
};

/** A call or an instant message that a user has tried. */
export type CommunicationAttemptInput = {
  /** The id of the user whom he wanted to reach. */
  readonly calleeId: Scalars['ID']['input'];
  /** The id of the user who has called or written. */
  readonly callerId: Scalars['ID']['input'];
  /** What it was. */
  readonly kind: CommunicationAttemptKind;
};

/** How a user tries to reach another. */
export type CommunicationAttemptKind =
  /** A call. */
  | 'CALL'
  /** An instant message. */
  | 'INSTANT_MESSAGE';

/** Whether an attempt was taken. */
export type CommunicationAttemptOutcome =
  /** It was taken. Nothing else is said, and nothing else follows. */
  | 'ACCEPTED'
  /** One of its ids is no user id: 1 to 255 bytes of well-formed text without control characters. Nothing was done. */
  | 'INVALID_ID'
  /** It names one user as both: nobody asks himself. Nothing was done. */
  | 'ONESELF';

/** A class of service to make. */
export type CreatePresenceClassOfServiceInput = {
  /** Left out: true. */
  readonly appearOfflineAllowed?: InputMaybe<Scalars['Boolean']['input']>;
  /** Left out: `USER_DEFINED`. */
  readonly invitationHandling?: InputMaybe<PresenceClassInvitationHandling>;
  /** 0 to 500; left out: 500. */
  readonly maxContacts?: InputMaybe<Scalars['Int']['input']>;
  /** 1 to 100 characters, without control characters or spaces around. */
  readonly name: Scalars['String']['input'];
  /** Left out: true. */
  readonly pendingShown?: InputMaybe<Scalars['Boolean']['input']>;
  /** 0 to 31536000, a year; left out: 60. */
  readonly requestCooldownSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** 60 to 31536000, a year; left out: 1209600, two weeks. */
  readonly requestLifetimeSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** 0 to 100000; left out: 1000. */
  readonly requestsPerDay?: InputMaybe<Scalars['Int']['input']>;
  /** 0 to 10000; left out: 100. */
  readonly requestsPerMinute?: InputMaybe<Scalars['Int']['input']>;
};

/** What came of making a class of service. */
export type CreatePresenceClassOfServiceOutcome =
  /** The class is made; nobody is in it yet. */
  | 'CREATED'
  /** Another class has this name; nothing was made. */
  | 'NAME_TAKEN'
  /** There are 1000 classes; nothing was made. */
  | 'TOO_MANY_CLASSES';

/** What came of making a class of service. */
export type CreatePresenceClassOfServicePayload = {
  readonly __typename?: 'CreatePresenceClassOfServicePayload';
  /** The new class; null unless it was made. */
  readonly classOfService: Maybe<PresenceClassOfService>;
  /** What came of it. */
  readonly outcome: CreatePresenceClassOfServiceOutcome;
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

/** What came of ending one session. */
export type EndPresenceSessionForOutcome =
  /** It is ended. */
  | 'ENDED'
  /** The caller keeps no such session, or it had ended already. */
  | 'NOT_FOUND';

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

/** Sessions to end. */
export type EndPresenceSessionsForInput = {
  /** Each of them: 1 to 500. */
  readonly sessions: ReadonlyArray<PresenceSessionForUserInput>;
};

/** The sessions after ending them. */
export type EndPresenceSessionsForPayload = {
  readonly __typename?: 'EndPresenceSessionsForPayload';
  /** One for each session, in the order given. */
  readonly outcomes: ReadonlyArray<EndPresenceSessionForOutcome>;
};

/** Whom to forget. */
export type ErasePresenceUserInput = {
  /** The user's id. Any id is accepted: whether such a user exists is never asked. */
  readonly userId: Scalars['ID']['input'];
};

/** A user is forgotten. */
export type ErasePresenceUserPayload = {
  readonly __typename?: 'ErasePresenceUserPayload';
  /** The id as it was given; nothing else knows it from now on. */
  readonly erasedUserId: Scalars['ID']['output'];
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
  /** This is all that waits, and replaces what was known before. Comes first, and again by the clock: every two minutes, or as the operator has set. */
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
  /**
   * The number of this event on its stream: 1, 2, 3 and so on. After a gap something was lost on the way: subscribe again. Only what was
   * sent on this stream is counted.
   */
  readonly sequence: Scalars['Int']['output'];
  /**
   * The name of the stream that this event was sent on: random, and new for each subscription. An event with another name than the last one
   * is of a stream that the client has not followed from its beginning: subscribe again, unless its `sequence` is 1.
   */
  readonly streamId: Scalars['ID']['output'];
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

/** What becomes of an instant message. For the service alone: `permitted` must never reach the sender, by whatever way. */
export type MessagingDecision = {
  readonly __typename?: 'MessagingDecision';
  /**
   * Whether the recipient lets the sender write to her: she has allowed him. Where it is false, she must not get the message. Nobody
   * writes to himself: false.
   */
  readonly permitted: Scalars['Boolean']['output'];
  /** As asked. */
  readonly recipientId: Scalars['ID']['output'];
  /** As asked. */
  readonly senderId: Scalars['ID']['output'];
  /**
   * What the sender is to be told. It depends only on what he is shown of the recipient: wherever that is `OFFLINE`, it is
   * `NOT_DELIVERED`, whether she gets the message or not.
   */
  readonly senderOutcome: MessagingSenderOutcome;
};

/** A user who sends an instant message to another. */
export type MessagingPairInput = {
  /** The id of the user who is to receive it. */
  readonly recipientId: Scalars['ID']['input'];
  /** The id of the user who sends. */
  readonly senderId: Scalars['ID']['input'];
};

/** What the sender of an instant message is told. */
export type MessagingSenderOutcome =
  /** The message has been delivered. */
  | 'DELIVERED'
  /** The message has not been delivered. It is always said in the same way, and without a reason. */
  | 'NOT_DELIVERED';

export type Mutation = {
  readonly __typename?: 'Mutation';
  /**
   * Allows every open request of the caller, the longest waiting first, in batches of which each applies whole or not at all. A request
   * that comes meanwhile may be among them, or stays open. Nothing that is decided is touched.
   */
  readonly acceptAllPendingRequests: AcceptAllPendingRequestsPayload;
  /**
   * Allows every open request of a user in his place, as `acceptAllPendingRequests` does for the caller. Nothing that is decided is
   * touched. Takes the role `administrator`. Errors: `BAD_USER_INPUT`, `FORBIDDEN`.
   */
  readonly acceptAllPendingRequestsOfUser: AcceptAllPendingRequestsOfUserPayload;
  /**
   * Adds users to the caller's contact list and asks them for access, for the reason `CONTACT_ADDED`. Being a contact grants nothing, and the
   * list takes users whose request is limited. Errors: `BAD_USER_INPUT`, also for adding oneself.
   */
  readonly addPresenceContacts: AddPresenceContactsPayload;
  /**
   * Puts users into a class of service, all or none; whoever was erased is left out. What is open or decided stays as it is. Takes the
   * role `administrator`. Errors: `BAD_USER_INPUT`, `FORBIDDEN`.
   */
  readonly assignPresenceClassOfService: AssignPresenceClassOfServicePayload;
  /**
   * Makes a class of service. What is left out is as the default class is at first. Takes the role `administrator`. Errors:
   * `BAD_USER_INPUT` with the field that lies outside its range, `FORBIDDEN`.
   */
  readonly createPresenceClassOfService: CreatePresenceClassOfServicePayload;
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
   * Ends sessions that the caller has published on behalf of users. For the role `service`; errors: `FORBIDDEN`, `BAD_USER_INPUT`,
   * `PRESENCE_UNAVAILABLE`; after the last one, end the same again.
   */
  readonly endPresenceSessionsFor: EndPresenceSessionsForPayload;
  /**
   * Forgets a user, all at once: whatever is stored of the user, and what others have decided about or asked of the user. In the trail
   * and among the acts of administrators the user becomes a random token. Others meet a user of whom nothing is known from then on; the user's own mutations answer
   * `USER_ERASED`, however long a token is still valid. It cannot be undone; repeated, it does nothing more. Takes the role
   * `administrator`. Errors: `BAD_USER_INPUT`, `FORBIDDEN`.
   */
  readonly erasePresenceUser: ErasePresenceUserPayload;
  /**
   * Publishes the status of one of the caller's devices and keeps it for the length of its lease. Publishing again with the same
   * session id renews it. Errors: `BAD_USER_INPUT`, `TOO_MANY_SESSIONS`.
   */
  readonly publishPresence: PublishPresencePayload;
  /**
   * Publishes presence on behalf of users, as a presence server does: each session is kept for the length of its lease and is, to
   * whoever looks, like one of the user's own devices. Publishing again with the same session id renews it. Sessions belong to the
   * service that publishes them: neither the user nor another service can renew or end them. For the role `service`; errors:
   * `FORBIDDEN`, `BAD_USER_INPUT`, `PRESENCE_UNAVAILABLE`; after the last one, publish the same again.
   */
  readonly publishPresenceFor: PublishPresenceForPayload;
  /**
   * Takes users off the caller's contact list, and takes back the requests to them that are open, for whatever reason they were made. Who has
   * allowed the caller goes on doing so. Errors: `BAD_USER_INPUT`.
   */
  readonly removePresenceContacts: RemovePresenceContactsPayload;
  /**
   * Keeps one of the caller's sessions for the length of another lease, with what it has published. A session that has ended is not
   * brought back: publish it anew. Errors: `BAD_USER_INPUT`.
   */
  readonly renewPresenceSession: RenewPresenceSessionPayload;
  /**
   * Keeps sessions that the caller has published on behalf of users for the length of another lease, with what they say. One that has
   * ended is not brought back. For the role `service`; errors: `FORBIDDEN`, `BAD_USER_INPUT`, `PRESENCE_UNAVAILABLE`; after the last
   * one, renew the same again.
   */
  readonly renewPresenceSessionsFor: RenewPresenceSessionsForPayload;
  /**
   * Reports calls and instant messages that users have tried, whatever came of them. Each of them asks for access to the other
   * user's presence, as if its user had asked himself: it counts against his limits, and over them it asks nothing. For the role
   * `service`; errors: `FORBIDDEN`, `BAD_USER_INPUT`, `CLIENT_KEY_REUSED`, `PRESENCE_UNAVAILABLE`. After the last one, report the same again,
   * under the same `clientKey`: what was done by then is not done again.
   */
  readonly reportCommunicationAttempts: ReportCommunicationAttemptsPayload;
  /**
   * Asks for access to the presence of one or several users. Asking again adds the reason and opens no second popup. The answer is
   * the same whether a user exists, has refused the caller before, or has not answered. Every user named counts towards the limits of the
   * caller's class of service; of a list that is longer than they allow, the first ones are asked. Errors: `BAD_USER_INPUT`, also for
   * asking oneself.
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
  /**
   * Says which kind of server publishes the presence of users, all or none; whoever was erased is left out. What is open or decided stays as it is; what those see who
   * wait is as the server shows it from now on. Takes the role `administrator`. Errors: `BAD_USER_INPUT`, `FORBIDDEN`.
   */
  readonly setPresenceServer: SetPresenceServerPayload;
  /** Sets what holds for everybody of whom nothing else is set. Takes the role `administrator`. Errors: `FORBIDDEN`. */
  readonly setPresenceSiteSettings: SetPresenceSiteSettingsPayload;
  /**
   * Changes a class of service for all its users at once; fields that are left out stay as they are, and so does what is open or
   * decided. Takes the role `administrator`. Errors: `BAD_USER_INPUT` with the field that lies outside its range, `FORBIDDEN`.
   */
  readonly updatePresenceClassOfService: UpdatePresenceClassOfServicePayload;
  /** Takes one of the caller's open requests back. */
  readonly withdrawPresenceRequest: WithdrawPresenceRequestPayload;
};


export type MutationAcceptAllPendingRequestsOfUserArgs = {
  input: AcceptAllPendingRequestsOfUserInput;
};


export type MutationAddPresenceContactsArgs = {
  input: AddPresenceContactsInput;
};


export type MutationAssignPresenceClassOfServiceArgs = {
  input: AssignPresenceClassOfServiceInput;
};


export type MutationCreatePresenceClassOfServiceArgs = {
  input: CreatePresenceClassOfServiceInput;
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


export type MutationEndPresenceSessionsForArgs = {
  input: EndPresenceSessionsForInput;
};


export type MutationErasePresenceUserArgs = {
  input: ErasePresenceUserInput;
};


export type MutationPublishPresenceArgs = {
  input: PublishPresenceInput;
};


export type MutationPublishPresenceForArgs = {
  input: PublishPresenceForInput;
};


export type MutationRemovePresenceContactsArgs = {
  input: RemovePresenceContactsInput;
};


export type MutationRenewPresenceSessionArgs = {
  input: RenewPresenceSessionInput;
};


export type MutationRenewPresenceSessionsForArgs = {
  input: RenewPresenceSessionsForInput;
};


export type MutationReportCommunicationAttemptsArgs = {
  input: ReportCommunicationAttemptsInput;
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


export type MutationSetPresenceServerArgs = {
  input: SetPresenceServerInput;
};


export type MutationSetPresenceSiteSettingsArgs = {
  input: SetPresenceSiteSettingsInput;
};


export type MutationUpdatePresenceClassOfServiceArgs = {
  input: UpdatePresenceClassOfServiceInput;
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

/** Something that an administrator did. In the place of whoever was erased since stands the same token as in the trail. */
export type PresenceAdministrativeAct = {
  readonly __typename?: 'PresenceAdministrativeAct';
  /** What it was. */
  readonly act: PresenceAdministrativeActKind;
  /** The administrator. Whoever used the operator's tool is named as it was told, or else `operator:` and the name of an account. */
  readonly actorId: Scalars['ID']['output'];
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** The class of service that it was about, as it was called then; null with all other acts. */
  readonly className: Maybe<Scalars['String']['output']>;
  /** The act's id, to be passed to `usersOfAdministrativeAct`. */
  readonly id: Scalars['ID']['output'];
  /** What was set. Of a change, only what became different. */
  readonly settings: ReadonlyArray<PresenceAdministrativeSetting>;
  /** How many users it was about. Whoever had been erased before it is not counted. */
  readonly userCount: Scalars['Int']['output'];
  /** The first 20 of them, by id. */
  readonly userIds: ReadonlyArray<Scalars['ID']['output']>;
};

/** A page of what administrators did. */
export type PresenceAdministrativeActConnection = {
  readonly __typename?: 'PresenceAdministrativeActConnection';
  /** The page's acts with their cursors. */
  readonly edges: ReadonlyArray<PresenceAdministrativeActEdge>;
  /** The page's acts. */
  readonly nodes: ReadonlyArray<PresenceAdministrativeAct>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** An act on a page. */
export type PresenceAdministrativeActEdge = {
  readonly __typename?: 'PresenceAdministrativeActEdge';
  /** The act's place among all. */
  readonly cursor: Scalars['String']['output'];
  /** The act. */
  readonly node: PresenceAdministrativeAct;
};

/** What an administrator did. */
export type PresenceAdministrativeActKind =
  /** Put users into a class of service. */
  | 'CLASS_ASSIGNED'
  /** Changed a class of service, or its name. */
  | 'CLASS_CHANGED'
  /** Made a class of service. */
  | 'CLASS_CREATED'
  /** Had a user forgotten. */
  | 'ERASED'
  /** Had handed out what is stored of a user. All pages that were asked for within an hour are one act. */
  | 'EXPORTED'
  /** Said which kind of server publishes the presence of users. */
  | 'PRESENCE_SERVER_SET'
  /** Asked, with the operator's tool, why one of two users sees the other one or not. */
  | 'SIGHT_EXPLAINED'
  /** Changed what holds for everybody of whom nothing else is set. */
  | 'SITE_CHANGED';

/** A page of the users whom one act was about. */
export type PresenceAdministrativeActUsers = {
  readonly __typename?: 'PresenceAdministrativeActUsers';
  /** To be passed as `after`; null on an empty page. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether more follows after `endCursor`. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Their ids, or tokens. */
  readonly userIds: ReadonlyArray<Scalars['ID']['output']>;
};

/** A setting that was set. */
export type PresenceAdministrativeSetting = {
  readonly __typename?: 'PresenceAdministrativeSetting';
  /** Its value afterwards, as text. */
  readonly after: Scalars['String']['output'];
  /** Its value before, as text; null where there was none, or not the same for all users. */
  readonly before: Maybe<Scalars['String']['output']>;
  /** Its name in this API. */
  readonly name: Scalars['String']['output'];
};

/** A page of the trail. */
export type PresenceAuditConnection = {
  readonly __typename?: 'PresenceAuditConnection';
  /** The page's entries with their cursors. */
  readonly edges: ReadonlyArray<PresenceAuditEdge>;
  /** The page's entries. */
  readonly nodes: ReadonlyArray<PresenceAuditEntry>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** An entry on a page. */
export type PresenceAuditEdge = {
  readonly __typename?: 'PresenceAuditEdge';
  /** The entry's place in the trail. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: PresenceAuditEntry;
};

/**
 * Something that happened to somebody's decision. In the place of a user who was erased since stands a token, `erased:` and a random
 * id: the same one wherever that user stood.
 */
export type PresenceAuditEntry = {
  readonly __typename?: 'PresenceAuditEntry';
  /** Who or what did it. */
  readonly actor: PresenceTrailActor;
  /** The user, administrator or service who did it; null with `POLICY`. */
  readonly actorId: Maybe<Scalars['ID']['output']>;
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** What it was. */
  readonly cause: PresenceTrailCause;
  /** Whose decision it is. */
  readonly presentityId: Scalars['ID']['output'];
  /** When it was recorded: with `POLICY` a little after it came, else at the same time. */
  readonly recordedAt: Scalars['DateTime']['output'];
  /** What was decided afterwards; null as before. */
  readonly stateAfter: Maybe<PresencePrivacyState>;
  /** What was decided before; null is the default: sees Offline, and may ask. */
  readonly stateBefore: Maybe<PresencePrivacyState>;
  /** About whom it is. */
  readonly watcherId: Scalars['ID']['output'];
};

/** What a class of service says of requests. */
export type PresenceClassInvitationHandling =
  /** Access is given at once, whatever the user's own choice is; a notice tells him to whom. */
  | 'AUTO_ACCEPT'
  /** A popup asks the user, whatever his own choice is. These users see others only through their contact list. */
  | 'PROMPT'
  /** Each user's own choice counts. */
  | 'USER_DEFINED';

/**
 * What administrators set for a group of users. A change counts for all of them at once, from then on; what is open or decided already
 * stays as it is.
 */
export type PresenceClassOfService = {
  readonly __typename?: 'PresenceClassOfService';
  /** Whether these users may choose to appear offline. A user who does when this becomes false appears offline until the sessions that were hidden before end. */
  readonly appearOfflineAllowed: Scalars['Boolean']['output'];
  /**
   * What becomes of requests for access to these users' presence. Users of a class that says `PROMPT` see others only if these are in
   * their contact list.
   */
  readonly invitationHandling: PresenceClassInvitationHandling;
  /** How many users their contact lists may hold. Lowering it removes nobody. */
  readonly maxContacts: Scalars['Int']['output'];
  /** The name; no two classes have the same. */
  readonly name: Scalars['String']['output'];
  /** Whether a presence server of the kind `OCS_2007` may show these users to those who still wait for their answer. */
  readonly pendingShown: Scalars['Boolean']['output'];
  /** How long each of them waits to ask the same user again after a request has ended, in seconds. */
  readonly requestCooldownSeconds: Scalars['Int']['output'];
  /** How long a request that one of them makes stays open, in seconds. */
  readonly requestLifetimeSeconds: Scalars['Int']['output'];
  /** How many users each of them may ask for access within a day. */
  readonly requestsPerDay: Scalars['Int']['output'];
  /** How many users each of them may ask for access within a minute. */
  readonly requestsPerMinute: Scalars['Int']['output'];
};

/** A class of service with what only administrators read of it. */
export type PresenceClassOfServiceAdministration = {
  readonly __typename?: 'PresenceClassOfServiceAdministration';
  /** How many users were put into it; null for the default class, where everybody else is. */
  readonly assignedUsers: Maybe<Scalars['Int']['output']>;
  /** The class of service. */
  readonly classOfService: PresenceClassOfService;
  /** Whether it is the class of everybody who is in no other. It cannot be renamed. */
  readonly isDefault: Scalars['Boolean']['output'];
};

/** A user in the caller's contact list. */
export type PresenceContact = {
  readonly __typename?: 'PresenceContact';
  /** What the caller has been told of his access, as `User.presenceAccess` has it. */
  readonly access: PresenceAccess;
  /** When the caller added the user. */
  readonly addedAt: Scalars['DateTime']['output'];
  /** The presence that the user shows to the caller, as `User.presence` has it. */
  readonly presence: Presence;
  /** The user. */
  readonly user: Maybe<User>;
};

/** A page of the contact list. */
export type PresenceContactConnection = {
  readonly __typename?: 'PresenceContactConnection';
  /** The page's contacts with their cursors. */
  readonly edges: ReadonlyArray<PresenceContactEdge>;
  /** The page's contacts. */
  readonly nodes: ReadonlyArray<PresenceContact>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
  /** How many contacts pass the filter, on all pages together. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A contact on a page. */
export type PresenceContactEdge = {
  readonly __typename?: 'PresenceContactEdge';
  /** The contact's place in the list, in this order. */
  readonly cursor: Scalars['String']['output'];
  /** The contact. */
  readonly node: PresenceContact;
};

/** Which contacts are meant: those who pass all that is given. */
export type PresenceContactFilter = {
  /** Those of whom the caller has been told one of these; left out, any. */
  readonly access?: InputMaybe<ReadonlyArray<PresenceAccess>>;
  /** Those who are shown to the caller with one of these statuses; left out, with any. `OFFLINE` means the hidden ones, too. */
  readonly statuses?: InputMaybe<ReadonlyArray<PresenceStatus>>;
};

/** An order of the contact list. Names belong to another subgraph: to order by name, read the whole list and sort it. */
export type PresenceContactOrder =
  /** By when they were added, the longest on the list first. */
  | 'ADDED'
  /**
   * By the status that the caller is shown: AVAILABLE, IDLE, BUSY, DO_NOT_DISTURB, BE_RIGHT_BACK, AWAY, OFFLINE; users of one status by their
   * ids. A contact whose status changes between two pages may be on both or on neither; all others are on one.
   */
  | 'PRESENCE'
  /** By the bytes of the users' ids. */
  | 'USER_ID';

/** What a user decides about another's access to his presence. */
export type PresenceDecision =
  /** May see the presence. */
  | 'ALLOWED'
  /** Sees Offline, and his requests reach nobody. */
  | 'BLOCKED';

/** What is decided about one user now. */
export type PresenceDecisionResult = {
  readonly __typename?: 'PresenceDecisionResult';
  /** The id of the open request that was answered or dismissed by this, for popups to close; null when none waited. */
  readonly closedRequestId: Maybe<Scalars['ID']['output']>;
  /** What is decided; null is the default: sees Offline, and may ask. */
  readonly decision: Maybe<PresenceDecision>;
  /** When an `ALLOWED` ends by itself. */
  readonly endsAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * Whether the user's next request allows him at once: nothing is decided about him now, and the caller's invitation handling is
   * `AUTO_ACCEPT`. Only a block revokes for good then.
   */
  readonly nextRequestAllows: Scalars['Boolean']['output'];
  /** What stood in the privacy list before; null is the default. */
  readonly previousState: Maybe<PresencePrivacyState>;
  /** The user. */
  readonly user: Maybe<User>;
};

/** What is decided now. */
export type PresenceDecisionsPayload = {
  readonly __typename?: 'PresenceDecisionsPayload';
  /** One result for each user, in the order of the input. */
  readonly results: ReadonlyArray<PresenceDecisionResult>;
};

/** What a service says of one user. */
export type PresenceForUserInput = {
  /** What the user is doing, if known. */
  readonly activity?: InputMaybe<PresenceActivity>;
  /**
   * How many seconds ago the user was last active there: 0 to 86400. `AVAILABLE` is shown as `IDLE` after a while without activity, and
   * `AVAILABLE` and `IDLE` as `AWAY` after a longer one. Of a device that does not watch its user, leave it at 0.
   */
  readonly inactiveForSeconds: Scalars['Int']['input'];
  /**
   * How long the session lives at least unless it is published again or renewed, in seconds: 10 to 3600. The lease that is handed out
   * is up to a tenth longer, so that sessions that began together do not end together; `leaseEndsAt` says its end.
   */
  readonly leaseSeconds: Scalars['Int']['input'];
  /** A note: plain text, at most 280 characters, without control characters, changes of writing direction and other invisible characters. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /** The service's own name for the session, 1 to 64 characters of `A-Z a-z 0-9 . _ : -`: of a device, or of itself if it knows of none. */
  readonly sessionId: Scalars['ID']['input'];
  /** The status; `OFFLINE` is never published: end the session instead. */
  readonly status: PresenceStatus;
  /** The id of the user. */
  readonly userId: Scalars['ID']['input'];
};

/** What becomes of a request for access to a user's presence. */
export type PresenceInvitationHandling =
  /** Access is given at once; a notice tells the user to whom. */
  | 'AUTO_ACCEPT'
  /** A popup asks the user. */
  | 'PROMPT';

/** Instant messages, as presence privacy decides about them. */
export type PresenceMessaging = {
  readonly __typename?: 'PresenceMessaging';
  /**
   * What becomes of an instant message from each sender to each recipient at this moment: one answer for each pair, in the order given.
   * Errors: `BAD_USER_INPUT`, `PRESENCE_UNAVAILABLE`; then nothing is decided, and nothing should be delivered.
   */
  readonly decisions: ReadonlyArray<MessagingDecision>;
};


/** Instant messages, as presence privacy decides about them. */
export type PresenceMessagingDecisionsArgs = {
  pairs: ReadonlyArray<MessagingPairInput>;
};

/** The caller's own choices. */
export type PresencePreference = {
  readonly __typename?: 'PresencePreference';
  /** Whether the caller has chosen to appear offline to everyone. */
  readonly appearOffline: Scalars['Boolean']['output'];
  /** Whether that class of service forbids to appear offline. A choice made before holds until the sessions that were hidden before end. */
  readonly appearOfflineLocked: Scalars['Boolean']['output'];
  /** What in fact becomes of them: the class of service outranks the caller's choice. */
  readonly effectiveInvitationHandling: PresenceInvitationHandling;
  /** What the caller wants to become of requests for access to his presence. */
  readonly invitationHandling: PresenceInvitationHandling;
  /**
   * Whether the caller's class of service, which is in `presencePrivacy.classOfService`, decides about `invitationHandling`; his own
   * choice is then kept, and does not count.
   */
  readonly invitationHandlingLocked: Scalars['Boolean']['output'];
  /** The status set by hand, if one is in force. */
  readonly manualStatus: Maybe<ManualPresenceStatus>;
};

/** All that is the caller's own. */
export type PresencePrivacy = {
  readonly __typename?: 'PresencePrivacy';
  /** Whether the caller now appears offline to everyone. */
  readonly appearsOffline: Scalars['Boolean']['output'];
  /** The class of service that administrators have put the caller into: what locks his choices, and how much he may ask. */
  readonly classOfService: PresenceClassOfService;
  /**
   * The caller's contact list. It is filtered, ordered and counted by what the caller is shown: a contact who is hidden from him stands
   * where one who is offline stands. Errors: `BAD_USER_INPUT`.
   */
  readonly contacts: PresenceContactConnection;
  /**
   * The caller's privacy list: every user about whom he has decided, or who waits for his decision, as it is now. In the order of the
   * bytes of their ids; an entry that stays as it is is neither repeated nor left out between pages, whatever becomes of others.
   * Errors: `BAD_USER_INPUT`.
   */
  readonly decisions: PresencePrivacyEntryConnection;
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
  /**
   * What became of the caller's own decisions about others, and through whom: the latest recorded first. Requests that reached nobody
   * are not among it, nor is anything that others decided about the caller. It reaches back as far as the site keeps it. Errors:
   * `BAD_USER_INPUT`.
   */
  readonly trail: PresenceTrailConnection;
  /** The caller. */
  readonly user: Maybe<User>;
  /**
   * Who can see the caller now, whenever he is connected and does not appear offline: those whom he has allowed, and those who wait if his presence
   * server and his class of service show him to them meanwhile. By the caller's own decisions only: it never tells what these users have decided or may
   * see otherwise. In the order of the bytes of their ids, as `decisions`. Errors: `BAD_USER_INPUT`.
   */
  readonly visibleTo: PresencePrivacyEntryConnection;
};


/** All that is the caller's own. */
export type PresencePrivacyContactsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<PresenceContactFilter>;
  first: Scalars['Int']['input'];
  orderBy: PresenceContactOrder;
};


/** All that is the caller's own. */
export type PresencePrivacyDecisionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  search?: InputMaybe<Scalars['String']['input']>;
  states?: InputMaybe<ReadonlyArray<PresencePrivacyState>>;
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


/** All that is the caller's own. */
export type PresencePrivacyTrailArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** All that is the caller's own. */
export type PresencePrivacyVisibleToArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  search?: InputMaybe<Scalars['String']['input']>;
};

/** What administrators set for users. */
export type PresencePrivacyAdministration = {
  readonly __typename?: 'PresencePrivacyAdministration';
  /** The class of service of that name; null if there is none. */
  readonly classOfService: Maybe<PresenceClassOfServiceAdministration>;
  /** All classes of service, by name; at most 1000. */
  readonly classesOfService: ReadonlyArray<PresenceClassOfServiceAdministration>;
  /** What holds for everybody of whom nothing else is set. */
  readonly site: PresenceSiteSettings;
  /** What is set for one user. Any id is accepted: whether such a user exists is never asked. */
  readonly user: PresenceUserAdministration;
};


/** What administrators set for users. */
export type PresencePrivacyAdministrationClassOfServiceArgs = {
  name: Scalars['String']['input'];
};


/** What administrators set for users. */
export type PresencePrivacyAdministrationUserArgs = {
  id: Scalars['ID']['input'];
};

/** What auditors read. */
export type PresencePrivacyAudit = {
  readonly __typename?: 'PresencePrivacyAudit';
  /**
   * What administrators did, through this API or with the operator's tool, that is about no single decision: classes of service,
   * presence servers and the site, what they looked into, and whom they erased. The latest first. Decisions that they made in
   * somebody's place are in `trail`. Errors: `BAD_USER_INPUT`.
   */
  readonly administrativeActs: PresenceAdministrativeActConnection;
  /** Every act about anybody's decision, also where it changed nothing, the latest recorded first. Errors: `BAD_USER_INPUT`. */
  readonly trail: PresenceAuditConnection;
  /** Everybody whom one act was about, by id; nobody, if there is no such act any more. Errors: `BAD_USER_INPUT`. */
  readonly usersOfAdministrativeAct: PresenceAdministrativeActUsers;
};


/** What auditors read. */
export type PresencePrivacyAuditAdministrativeActsArgs = {
  actorId?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/** What auditors read. */
export type PresencePrivacyAuditTrailArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  presentityId?: InputMaybe<Scalars['ID']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  watcherId?: InputMaybe<Scalars['ID']['input']>;
};


/** What auditors read. */
export type PresencePrivacyAuditUsersOfAdministrativeActArgs = {
  actId: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
};

/** An entry of the caller's privacy list. */
export type PresencePrivacyEntry = {
  readonly __typename?: 'PresencePrivacyEntry';
  /** When this state ends by itself: a request that nobody answers expires, a grant may have an end. Null: it stays until changed. */
  readonly endsAt: Maybe<Scalars['DateTime']['output']>;
  /** Why. */
  readonly reason: PresencePrivacyReason;
  /** The request that waits, with `PENDING`; else null. */
  readonly request: Maybe<IncomingPresenceRequest>;
  /** Since when the entry is in this state. */
  readonly since: Scalars['DateTime']['output'];
  /** What is decided. */
  readonly state: PresencePrivacyState;
  /** What comes when a grant ends: `BLOCKED` if it has replaced a block. Null: nothing is decided then, or there is no end. */
  readonly thenState: Maybe<PresencePrivacyState>;
  /** About whom. */
  readonly user: Maybe<User>;
};

/** A page of a privacy list. */
export type PresencePrivacyEntryConnection = {
  readonly __typename?: 'PresencePrivacyEntryConnection';
  /**
   * The page's entries with their cursors. Where very much has ended by itself, a page may hold fewer than were asked for although more
   * follows: go on after `endCursor`, which is then there even on an empty page.
   */
  readonly edges: ReadonlyArray<PresencePrivacyEntryEdge>;
  /** The page's entries. */
  readonly nodes: ReadonlyArray<PresencePrivacyEntry>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** An entry on a page. */
export type PresencePrivacyEntryEdge = {
  readonly __typename?: 'PresencePrivacyEntryEdge';
  /** The entry's place in the list. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: PresencePrivacyEntry;
};

/** Why an entry of a privacy list is as it is. Told to the owner of the list only. */
export type PresencePrivacyReason =
  /** Answered in a popup, or by accepting all that waited. */
  | 'ANSWERED'
  /** The user asked, and AUTO_ACCEPT let him in. */
  | 'AUTO_ACCEPTED'
  /** A grant with an end is over, and the block that it had replaced is in force again. */
  | 'GRANT_ENDED'
  /** The user has asked. */
  | 'REQUESTED'
  /** Set in the privacy list. */
  | 'SET';

/** What stands in a privacy list about another user. */
export type PresencePrivacyState =
  /** May see the presence. */
  | 'ALLOWED'
  /** Sees Offline, and his requests reach nobody. */
  | 'BLOCKED'
  /** Waits for the decision. */
  | 'PENDING';

/** Why something was not applied. */
export type PresenceRefusalReason =
  /** The contact list holds as many users as it may. */
  | 'CONTACT_LIST_FULL'
  /** The caller's class of service decides about it; an administrator can change that. */
  | 'LOCKED_BY_CLASS_OF_SERVICE';

/** A session that the caller has published on behalf of a user, and for how long it lives on. */
export type PresenceRenewalForUserInput = {
  /**
   * How many seconds ago the user was last active there: 0 to 86400. Left out, nothing is said of it, and `AVAILABLE` goes on growing
   * old; of a device that does not watch its user, give 0.
   */
  readonly inactiveForSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** How long it lives at least from now on, as in `publishPresenceFor`. A lease that ends later stays as it is. */
  readonly leaseSeconds: Scalars['Int']['input'];
  /** The session id under which it was published. */
  readonly sessionId: Scalars['ID']['input'];
  /** The id of the user. */
  readonly userId: Scalars['ID']['input'];
};

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

/** The kind of server that publishes a user's presence. It decides what those are shown who wait for the user's answer. */
export type PresenceServer =
  /** Whoever waits is shown Offline until he is allowed. */
  | 'CONVERGED_CONFERENCING'
  /** Nothing is known: as for `CONVERGED_CONFERENCING`. */
  | 'NONE_KNOWN'
  /** Whoever waits may be shown the presence until he is blocked, where the class of service lets him. */
  | 'OCS_2007';

/** One of the caller's own devices, or a service on his behalf, that has published a status and keeps it alive. */
export type PresenceSession = {
  readonly __typename?: 'PresenceSession';
  /** The session's id, unique among the caller's sessions. */
  readonly id: Scalars['ID']['output'];
  /** Whether a service, such as a presence server, keeps this session on the caller's behalf; only the service can renew or end it. */
  readonly keptByService: Scalars['Boolean']['output'];
  /** The session ends at this moment unless it publishes again, or is renewed, before. */
  readonly leaseEndsAt: Scalars['DateTime']['output'];
  /** What this device says. For want of activity its status may count as another one. */
  readonly presence: Presence;
};

/** A session that the caller has published on behalf of a user. */
export type PresenceSessionForUserInput = {
  /** The session id under which it was published. */
  readonly sessionId: Scalars['ID']['input'];
  /** The id of the user. */
  readonly userId: Scalars['ID']['input'];
};

/** What holds for everybody of whom nothing else is set. */
export type PresenceSiteSettings = {
  readonly __typename?: 'PresenceSiteSettings';
  /** The kind of presence server of every user whose own setting is `SITE_DEFAULT`. */
  readonly presenceServer: PresenceServer;
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
  /** Connected, not active for a while: published, or `AVAILABLE` grown old. */
  | 'IDLE'
  /** Not connected, or not shown to the caller: the two cannot be told apart. Never published. */
  | 'OFFLINE';

/** Who or what changed something. */
export type PresenceTrailActor =
  /** An administrator. */
  | 'ADMINISTRATOR'
  /** Nobody: it had an end. */
  | 'POLICY'
  /** A service, on behalf of the one whom it is about. */
  | 'SERVICE'
  /** A user: the owner of the decision, or the one whom it is about. */
  | 'USER';

/** What happened to a decision. */
export type PresenceTrailCause =
  /** Allowed with all that waited. */
  | 'ACCEPTED_ALL'
  /** Answered in a popup. */
  | 'ANSWERED'
  /** Access was asked for, and AUTO_ACCEPT gave it. */
  | 'AUTO_ACCEPTED'
  /** A contact was removed, and the request with it. To the owner of the decision this is `WITHDRAWN`. */
  | 'CONTACT_REMOVED'
  /** Taken back, or dismissed. */
  | 'DELETED'
  /** One of the two users was erased. */
  | 'ERASED'
  /** Nobody answered the request in time. */
  | 'EXPIRED'
  /** The end of a grant had come. */
  | 'GRANT_ENDED'
  /** Access was asked for. */
  | 'REQUESTED'
  /** Set in the privacy list. */
  | 'SET'
  /** The request was taken back. */
  | 'WITHDRAWN';

/** A page of the caller's trail. */
export type PresenceTrailConnection = {
  readonly __typename?: 'PresenceTrailConnection';
  /** The page's entries with their cursors. */
  readonly edges: ReadonlyArray<PresenceTrailEdge>;
  /** The page's entries. */
  readonly nodes: ReadonlyArray<PresenceTrailEntry>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
};

/** An entry on a page. */
export type PresenceTrailEdge = {
  readonly __typename?: 'PresenceTrailEdge';
  /** The entry's place in the trail. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: PresenceTrailEntry;
};

/** Something that happened to one of the caller's decisions. */
export type PresenceTrailEntry = {
  readonly __typename?: 'PresenceTrailEntry';
  /** Who or what did it. */
  readonly actor: PresenceTrailActor;
  /** When. */
  readonly at: Scalars['DateTime']['output'];
  /** What it was. */
  readonly cause: PresenceTrailCause;
  /** What was decided afterwards; null as before. */
  readonly stateAfter: Maybe<PresencePrivacyState>;
  /** What was decided before; null is the default: sees Offline, and may ask. */
  readonly stateBefore: Maybe<PresencePrivacyState>;
  /** About whom the decision is; null when that user was erased since. */
  readonly user: Maybe<User>;
};

/** Something about how users are shown to the caller. */
export type PresenceUpdate = {
  readonly __typename?: 'PresenceUpdate';
  /** What happened. */
  readonly change: PresenceUpdateChange;
  /** With `SNAPSHOT` everybody whom the stream is about, in no particular order; with `CHANGED` and `ADDED` those concerned; else empty. */
  readonly presences: ReadonlyArray<UserPresence>;
  /** With `REMOVED` the ids of the users who are no longer in the caller's contact list; else empty. */
  readonly removedIds: ReadonlyArray<Scalars['ID']['output']>;
  /**
   * The number of this event on its stream: 1, 2, 3 and so on. After a gap something was lost on the way: subscribe again. Only what was
   * sent on this stream is counted.
   */
  readonly sequence: Scalars['Int']['output'];
  /**
   * The name of the stream that this event was sent on: random, and new for each subscription. An event with another name than the last one
   * is of a stream that the client has not followed from its beginning: subscribe again, unless its `sequence` is 1.
   */
  readonly streamId: Scalars['ID']['output'];
};

/** What a stream of presence tells. */
export type PresenceUpdateChange =
  /** The caller has added users to his contact list. */
  | 'ADDED'
  /** Some are shown in another way than before. */
  | 'CHANGED'
  /** The caller has removed users from his contact list. */
  | 'REMOVED'
  /**
   * Everybody; what was told before no longer counts. Comes first, after a time in which nothing could be verified, and by the clock: every
   * two minutes, or as the operator has set.
   */
  | 'SNAPSHOT';

/** What administrators have set for one user. */
export type PresenceUserAdministration = {
  readonly __typename?: 'PresenceUserAdministration';
  /** His class of service. */
  readonly classOfService: PresenceClassOfService;
  /** The kind of presence server that counts for him. */
  readonly effectivePresenceServer: PresenceServer;
  /** What is set for his presence server. */
  readonly presenceServer: UserPresenceServer;
  /** The user, as the caller sees him: the role shows no more. */
  readonly user: Maybe<User>;
};

/** A page of what is stored of one user. */
export type PresenceUserExport = {
  readonly __typename?: 'PresenceUserExport';
  /** To be passed as `after`; null when nothing is left. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether to go on after `endCursor`. The last page may be empty. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /**
   * One JSON object each, whose `kind` is `PREFERENCE`, `SESSION`, `DECISION`, `VIEW` (a contact, and what the user has been told),
   * `REQUEST` or `ANSWER`: one under the other they are a file of JSON lines.
   */
  readonly lines: ReadonlyArray<Scalars['String']['output']>;
};

/** Sessions to publish on behalf of users. */
export type PublishPresenceForInput = {
  /** Each of them: 1 to 500. Of two of one user with the same session id the later one counts. */
  readonly sessions: ReadonlyArray<PresenceForUserInput>;
};

/** What came of publishing one session; the others do not depend on it. */
export type PublishPresenceForOutcome =
  /** Something about it cannot be accepted; `invalidField` says what. */
  | 'INVALID'
  /** It is published. */
  | 'PUBLISHED'
  /** All services together keep as many sessions of this user as they may. Renew one, or end one. Her own devices do not count. */
  | 'TOO_MANY_SESSIONS'
  /** The user has been erased: nothing of her is kept any more. Stop publishing. */
  | 'USER_ERASED';

/** The sessions after publishing. */
export type PublishPresenceForPayload = {
  readonly __typename?: 'PublishPresenceForPayload';
  /** One for each session, in the order given. */
  readonly results: ReadonlyArray<PublishedPresenceFor>;
};

/** What a device publishes. */
export type PublishPresenceInput = {
  /** What the user is doing, if known. */
  readonly activity?: InputMaybe<PresenceActivity>;
  /**
   * How many seconds ago the user was last active at this device: 0 to 86400. `AVAILABLE` is shown as `IDLE` after a while without
   * activity, and `AVAILABLE` and `IDLE` as `AWAY` after a longer one (5 and 15 minutes, unless the deployment says otherwise). A device
   * that does not watch its user leaves it at 0.
   */
  readonly inactiveForSeconds: Scalars['Int']['input'];
  /**
   * How long the session lives at least unless it publishes again or is renewed, in seconds: 10 to 3600. The lease that is handed out is
   * up to a tenth longer, so that devices that began together do not end together; `session.leaseEndsAt` says its end.
   */
  readonly leaseSeconds: Scalars['Int']['input'];
  /** A note: plain text, at most 280 characters, without control characters, changes of writing direction and other invisible characters. */
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
  /**
   * In how many seconds to renew it: about half of the lease, and each time another number, so that devices that began together do not
   * renew together. A device that loses its connection has the rest of the lease to come back, and nobody notices.
   */
  readonly renewAfterSeconds: Scalars['Int']['output'];
  /** The session that published. */
  readonly session: PresenceSession;
};

/** What came of publishing one session. */
export type PublishedPresenceFor = {
  readonly __typename?: 'PublishedPresenceFor';
  /** The field that cannot be accepted; null unless the outcome is `INVALID`. */
  readonly invalidField: Maybe<Scalars['String']['output']>;
  /** The session ends at this moment unless it is published again, or renewed, before; null unless the outcome is `PUBLISHED`. */
  readonly leaseEndsAt: Maybe<Scalars['DateTime']['output']>;
  /** What came of it. */
  readonly outcome: PublishPresenceForOutcome;
  /** In how many seconds to renew it: about half of the lease, and each time another number; null unless the outcome is `PUBLISHED`. */
  readonly renewAfterSeconds: Maybe<Scalars['Int']['output']>;
  /** As given. */
  readonly sessionId: Scalars['ID']['output'];
  /** As given. */
  readonly userId: Scalars['ID']['output'];
};

export type Query = {
  readonly __typename?: 'Query';
  /**
   * All that is stored of one user, a page at a time: choices, devices, decisions, contacts, what the user has been told of access to
   * others, requests and answers. Never what others have decided about the user or asked of the user: that is theirs. That it was handed
   * out is recorded for auditors. Takes the role `administrator`. Errors: `BAD_USER_INPUT`, `FORBIDDEN`.
   */
  readonly exportPresenceUser: PresenceUserExport;
  /** What an instant messaging service asks, with a credential of its own. For the role `service`; errors: `FORBIDDEN`. */
  readonly presenceMessaging: PresenceMessaging;
  /** All that is the caller's own: presence, preference, and the requests that wait, in both directions. */
  readonly presencePrivacy: PresencePrivacy;
  /**
   * What administrators set for users: classes of service, presence servers, and the defaults of the site. It takes a token with the
   * role `administrator`, who sees no more of anybody's presence by it. Errors: `FORBIDDEN` for everybody else.
   */
  readonly presencePrivacyAdministration: PresencePrivacyAdministration;
  /**
   * What auditors read. It takes a token with the role `auditor`, who sees no more of anybody's presence by it. Errors: `FORBIDDEN` for
   * everybody else.
   */
  readonly presencePrivacyAudit: PresencePrivacyAudit;
};


export type QueryExportPresenceUserArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first: Scalars['Int']['input'];
  userId: Scalars['ID']['input'];
};

/** A choice that was not applied. */
export type RefusedPresencePreference = {
  readonly __typename?: 'RefusedPresencePreference';
  /** The field of the input. */
  readonly field: Scalars['String']['output'];
  /** Why. */
  readonly reason: PresenceRefusalReason;
};

/** What came of taking a user off the contact list. */
export type RemovePresenceContactOutcome =
  /** The user was no contact; nothing was done. */
  | 'NOT_A_CONTACT'
  /** The user was a contact, and is none now. */
  | 'REMOVED';

/** Whom to take off the contact list. */
export type RemovePresenceContactsInput = {
  /** The users, 1 to 500; one named twice counts once. */
  readonly userIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What came of taking users off the contact list. */
export type RemovePresenceContactsPayload = {
  readonly __typename?: 'RemovePresenceContactsPayload';
  /** What is the caller's own, after the change. */
  readonly presencePrivacy: PresencePrivacy;
  /** One result for each user, in the order of the input. */
  readonly results: ReadonlyArray<RemovePresenceContactsResult>;
};

/** What came of taking one user off the contact list. */
export type RemovePresenceContactsResult = {
  readonly __typename?: 'RemovePresenceContactsResult';
  /** What came of it. */
  readonly outcome: RemovePresenceContactOutcome;
  /** The user. */
  readonly user: Maybe<User>;
};

/** What came of renewing one session; the others do not depend on it. */
export type RenewPresenceForOutcome =
  /** Something about it cannot be accepted; `invalidField` says what. */
  | 'INVALID'
  /** The caller keeps no such session, or it has ended: publish it anew. */
  | 'NOT_FOUND'
  /** It lives on. */
  | 'RENEWED';

/** Which session lives on, and for how long. */
export type RenewPresenceSessionInput = {
  /**
   * How many seconds ago the user was last active at this device: 0 to 86400. Left out, nothing is said of it, and `AVAILABLE` goes on
   * growing old; a device that does not watch its user gives 0.
   */
  readonly inactiveForSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** How long it lives at least from now on, as in `publishPresence`. A lease that ends later stays as it is. */
  readonly leaseSeconds: Scalars['Int']['input'];
  /** The id of one of the caller's own sessions. */
  readonly sessionId: Scalars['ID']['input'];
};

/** What came of renewing a session. */
export type RenewPresenceSessionPayload = {
  readonly __typename?: 'RenewPresenceSessionPayload';
  /** What is the caller's own, after the change. */
  readonly presencePrivacy: PresencePrivacy;
  /** In how many seconds to renew it again, as in `publishPresence`; null unless it was renewed. */
  readonly renewAfterSeconds: Maybe<Scalars['Int']['output']>;
  /** False if the caller has no such session, or it has ended: publish it anew. */
  readonly renewed: Scalars['Boolean']['output'];
  /** The session; null unless it was renewed. */
  readonly session: Maybe<PresenceSession>;
};

/** Sessions to renew. */
export type RenewPresenceSessionsForInput = {
  /** Each of them: 1 to 500. Of two of one user with the same session id the later one counts. */
  readonly sessions: ReadonlyArray<PresenceRenewalForUserInput>;
};

/** The sessions after renewing them. */
export type RenewPresenceSessionsForPayload = {
  readonly __typename?: 'RenewPresenceSessionsForPayload';
  /** One for each session, in the order given. */
  readonly results: ReadonlyArray<RenewedPresenceFor>;
};

/** What came of renewing one session. */
export type RenewedPresenceFor = {
  readonly __typename?: 'RenewedPresenceFor';
  /** The field that cannot be accepted; null unless the outcome is `INVALID`. */
  readonly invalidField: Maybe<Scalars['String']['output']>;
  /** The session ends at this moment unless it is published again, or renewed, before; null unless the outcome is `RENEWED`. */
  readonly leaseEndsAt: Maybe<Scalars['DateTime']['output']>;
  /** What came of it. */
  readonly outcome: RenewPresenceForOutcome;
  /** In how many seconds to renew it again, as in `publishPresenceFor`; null unless the outcome is `RENEWED`. */
  readonly renewAfterSeconds: Maybe<Scalars['Int']['output']>;
  /** As given. */
  readonly sessionId: Scalars['ID']['output'];
  /** As given. */
  readonly userId: Scalars['ID']['output'];
};

/** Calls and instant messages to report. */
export type ReportCommunicationAttemptsInput = {
  /** Each of them, in the order in which they came: 1 to 100. */
  readonly attempts: ReadonlyArray<CommunicationAttemptInput>;
  /**
   * A key that the service makes for this report, 1 to 64 characters of `A-Z a-z 0-9 . _ : -`; keys of different services are different keys.
   * Sent again with the same attempts, it asks and counts nothing that was asked and counted before, for at least 24 hours; with other attempts
   * it is an error. Without a key, a report that is sent again counts again.
   */
  readonly clientKey?: InputMaybe<Scalars['String']['input']>;
};

/** What was taken of the report. It tells nothing of what came of it: whether somebody was asked, and what she decides, is theirs. */
export type ReportCommunicationAttemptsPayload = {
  readonly __typename?: 'ReportCommunicationAttemptsPayload';
  /** One for each attempt, in the order given. */
  readonly outcomes: ReadonlyArray<CommunicationAttemptOutcome>;
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

/** Whether a user was asked for access. */
export type RequestPresenceAccessOutcome =
  /** The user was asked, now or by the open request that this one was added to, or had allowed the caller before. */
  | 'ASKED'
  /** The caller's last request to this user was taken back or expired a short while ago. Nothing was asked. */
  | 'COOLING_DOWN'
  /** The caller has asked for as many users as his class of service allows in a minute or a day. Nothing was asked. */
  | 'LIMITED';

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
  /** Whether the user was asked at all. It depends on the caller's own requests alone, never on what the user has decided. */
  readonly outcome: RequestPresenceAccessOutcome;
  /** The caller's open request, this one or an earlier one; null unless access is `PENDING`. */
  readonly request: Maybe<OutgoingPresenceRequest>;
  /** When the caller may ask this user again; null when he was asked, and when the caller's class of service lets him ask nobody. */
  readonly retryAt: Maybe<Scalars['DateTime']['output']>;
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

/** Whose presence server to set. */
export type SetPresenceServerInput = {
  /** What to set. */
  readonly server: UserPresenceServer;
  /** The users, 1 to 1000; one named twice counts once. */
  readonly userIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What is set for the users now. */
export type SetPresenceServerPayload = {
  readonly __typename?: 'SetPresenceServerPayload';
  /** What is set for the users, in the order of the input. */
  readonly users: ReadonlyArray<PresenceUserAdministration>;
};

/** What to set for the site; what is left out stays. */
export type SetPresenceSiteSettingsInput = {
  /** The kind of presence server of every user whose own setting is `SITE_DEFAULT`. */
  readonly presenceServer?: InputMaybe<PresenceServer>;
};

/** What is set for the site now. */
export type SetPresenceSiteSettingsPayload = {
  readonly __typename?: 'SetPresenceSiteSettingsPayload';
  /** What is set for the site. */
  readonly site: PresenceSiteSettings;
};

export type Subscription = {
  readonly __typename?: 'Subscription';
  /** What waits for the caller, as a popup shows it: first everything open, then every change, from whichever device it came. */
  readonly incomingPresenceRequests: IncomingPresenceRequestsEvent;
  /**
   * How users are shown to the caller, as it changes: first a `SNAPSHOT` of everybody, then each change that shows. Whoever is hidden from
   * the caller is `OFFLINE`, and nothing that happens to such a user makes an event. A stream that could not be verified for ten seconds
   * shows everybody as `OFFLINE`, and begins again with a `SNAPSHOT` when it can. Whoever does not read his stream gets the latest when he
   * does; after 30 seconds it ends with `SLOW_CONSUMER`, or is cut. Errors: `BAD_USER_INPUT`, `PRESENCE_UNAVAILABLE`.
   */
  readonly presenceUpdates: PresenceUpdate;
};


export type SubscriptionIncomingPresenceRequestsArgs = {
  nonce?: InputMaybe<Scalars['String']['input']>;
};


export type SubscriptionPresenceUpdatesArgs = {
  nonce?: InputMaybe<Scalars['String']['input']>;
  userIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/** What to change of a class of service. */
export type UpdatePresenceClassOfServiceInput = {
  /** Whether users may appear offline; left out, it stays. */
  readonly appearOfflineAllowed?: InputMaybe<Scalars['Boolean']['input']>;
  /** What becomes of requests; left out, it stays. */
  readonly invitationHandling?: InputMaybe<PresenceClassInvitationHandling>;
  /** 0 to 500; left out, it stays. */
  readonly maxContacts?: InputMaybe<Scalars['Int']['input']>;
  /** The class to change. */
  readonly name: Scalars['String']['input'];
  /** The name that it gets; left out, it keeps its own. */
  readonly newName?: InputMaybe<Scalars['String']['input']>;
  /** Whether those who wait may be shown the presence; left out, it stays. */
  readonly pendingShown?: InputMaybe<Scalars['Boolean']['input']>;
  /** 0 to 31536000, a year; left out, it stays. */
  readonly requestCooldownSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** 60 to 31536000, a year; left out, it stays. */
  readonly requestLifetimeSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** 0 to 100000; left out, it stays. */
  readonly requestsPerDay?: InputMaybe<Scalars['Int']['input']>;
  /** 0 to 10000; left out, it stays. */
  readonly requestsPerMinute?: InputMaybe<Scalars['Int']['input']>;
};

/** What came of changing a class of service. */
export type UpdatePresenceClassOfServiceOutcome =
  /** The default class keeps its name; nothing was changed. */
  | 'DEFAULT_KEEPS_ITS_NAME'
  /** Another class has the new name; nothing was changed. */
  | 'NAME_TAKEN'
  /** There is no class of this name; nothing was changed. */
  | 'NOT_FOUND'
  /** The class is as asked for. */
  | 'UPDATED';

/** What came of changing a class of service. */
export type UpdatePresenceClassOfServicePayload = {
  readonly __typename?: 'UpdatePresenceClassOfServicePayload';
  /** The class as it is now; null unless it was changed. */
  readonly classOfService: Maybe<PresenceClassOfService>;
  /** What came of it. */
  readonly outcome: UpdatePresenceClassOfServiceOutcome;
};

/**
 * A user of the graph. This subgraph adds what the caller may see of that user's presence; everything else about a user comes
 * from other subgraphs. Any id is accepted: whether such a user exists is never asked, and an unknown one looks like a silent one.
 * Wherever this subgraph leads to a user, the field is nullable: another subgraph that fails, or does not know the user, must not take the
 * request or the answer around it away. Nothing here ever makes it null.
 */
export type User = {
  readonly __typename?: 'User';
  /**
   * Whether an instant message of the caller would reach this user now: she has allowed him, and is not shown to him `OFFLINE`. False is
   * not a refusal: it is the same for whoever is offline, for whatever reason, and for all who wait. For the caller himself: false. Null
   * only together with an error, as for `presence`.
   */
  readonly canBeMessaged: Maybe<Scalars['Boolean']['output']>;
  /** The graph's id of this user: opaque, 1 to 255 bytes, compared byte for byte. */
  readonly id: Scalars['ID']['output'];
  /**
   * The presence that this user shows to the caller. A user who is hidden from the caller, for whatever reason, is exactly a user
   * who is offline: `OFFLINE` without activity or note. Null only together with an error, when this subgraph could not read what
   * decides (`PRESENCE_UNAVAILABLE`); never for privacy. Users that were read together share one error.
   */
  readonly presence: Maybe<Presence>;
  /**
   * What the caller has been told of his access to this user's presence: the result of his own asking, and of having been allowed.
   * It never tells of a refusal. For the caller himself: `ALLOWED`. Null only together with an error, as for `presence`.
   */
  readonly presenceAccess: Maybe<PresenceAccess>;
};

/** How one user is shown to the caller. */
export type UserPresence = {
  readonly __typename?: 'UserPresence';
  /** How he is shown, decided when this event was sent. */
  readonly presence: Presence;
  /** The user, with what the graph knows of him. */
  readonly user: Maybe<User>;
};

/** What administrators set for one user's presence server. */
export type UserPresenceServer =
  /** Whoever waits is shown Offline until he is allowed. */
  | 'CONVERGED_CONFERENCING'
  /** Whoever waits may be shown the presence until he is blocked, where the class of service lets him. */
  | 'OCS_2007'
  /** What is set for the site counts. */
  | 'SITE_DEFAULT';

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
  AcceptAllPendingRequestsOfUserInput: AcceptAllPendingRequestsOfUserInput;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  AcceptAllPendingRequestsOfUserPayload: ResolverTypeWrapper<AcceptAllPendingRequestsOfUserPayload>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  AcceptAllPendingRequestsPayload: ResolverTypeWrapper<Omit<AcceptAllPendingRequestsPayload, 'presencePrivacy'> & { presencePrivacy: ResolversTypes['PresencePrivacy'] }>;
  AddPresenceContactOutcome: AddPresenceContactOutcome;
  AddPresenceContactsInput: AddPresenceContactsInput;
  AddPresenceContactsPayload: ResolverTypeWrapper<Omit<AddPresenceContactsPayload, 'presencePrivacy' | 'results'> & { presencePrivacy: ResolversTypes['PresencePrivacy'], results: ReadonlyArray<ResolversTypes['AddPresenceContactsResult']> }>;
  AddPresenceContactsResult: ResolverTypeWrapper<Omit<AddPresenceContactsResult, 'asked' | 'user'> & { asked?: Maybe<ResolversTypes['RequestPresenceAccessResult']>, user?: Maybe<ResolversTypes['User']> }>;
  AddedPresenceContact: ResolverTypeWrapper<Omit<AddedPresenceContact, 'asked' | 'user'> & { asked?: Maybe<ResolversTypes['RequestPresenceAccessResult']>, user?: Maybe<ResolversTypes['User']> }>;
  AssignPresenceClassOfServiceInput: AssignPresenceClassOfServiceInput;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  AssignPresenceClassOfServiceOutcome: AssignPresenceClassOfServiceOutcome;
  AssignPresenceClassOfServicePayload: ResolverTypeWrapper<Omit<AssignPresenceClassOfServicePayload, 'users'> & { users: ReadonlyArray<ResolversTypes['PresenceUserAdministration']> }>;
  CommunicationAttemptInput: CommunicationAttemptInput;
  CommunicationAttemptKind: CommunicationAttemptKind;
  CommunicationAttemptOutcome: CommunicationAttemptOutcome;
  CreatePresenceClassOfServiceInput: CreatePresenceClassOfServiceInput;
  CreatePresenceClassOfServiceOutcome: CreatePresenceClassOfServiceOutcome;
  CreatePresenceClassOfServicePayload: ResolverTypeWrapper<CreatePresenceClassOfServicePayload>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DecidePresenceAccessInput: DecidePresenceAccessInput;
  DeletePresenceDecisionsInput: DeletePresenceDecisionsInput;
  EndPresenceSessionForOutcome: EndPresenceSessionForOutcome;
  EndPresenceSessionInput: EndPresenceSessionInput;
  EndPresenceSessionPayload: ResolverTypeWrapper<Omit<EndPresenceSessionPayload, 'presencePrivacy'> & { presencePrivacy: ResolversTypes['PresencePrivacy'] }>;
  EndPresenceSessionsForInput: EndPresenceSessionsForInput;
  EndPresenceSessionsForPayload: ResolverTypeWrapper<EndPresenceSessionsForPayload>;
  ErasePresenceUserInput: ErasePresenceUserInput;
  ErasePresenceUserPayload: ResolverTypeWrapper<ErasePresenceUserPayload>;
  IncomingPresenceRequest: ResolverTypeWrapper<Omit<IncomingPresenceRequest, 'requester'> & { requester?: Maybe<ResolversTypes['User']> }>;
  IncomingPresenceRequestConnection: ResolverTypeWrapper<Omit<IncomingPresenceRequestConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['IncomingPresenceRequestEdge']>, nodes: ReadonlyArray<ResolversTypes['IncomingPresenceRequest']> }>;
  IncomingPresenceRequestEdge: ResolverTypeWrapper<Omit<IncomingPresenceRequestEdge, 'node'> & { node: ResolversTypes['IncomingPresenceRequest'] }>;
  IncomingPresenceRequestsChange: IncomingPresenceRequestsChange;
  IncomingPresenceRequestsEvent: ResolverTypeWrapper<Omit<IncomingPresenceRequestsEvent, 'notices' | 'requests'> & { notices: ReadonlyArray<ResolversTypes['PresenceAccessNotice']>, requests: ReadonlyArray<ResolversTypes['IncomingPresenceRequest']> }>;
  ManualPresenceStatus: ResolverTypeWrapper<ManualPresenceStatus>;
  ManualPresenceStatusInput: ManualPresenceStatusInput;
  MessagingDecision: ResolverTypeWrapper<MessagingDecision>;
  MessagingPairInput: MessagingPairInput;
  MessagingSenderOutcome: MessagingSenderOutcome;
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
  PresenceAdministrativeAct: ResolverTypeWrapper<PresenceAdministrativeAct>;
  PresenceAdministrativeActConnection: ResolverTypeWrapper<PresenceAdministrativeActConnection>;
  PresenceAdministrativeActEdge: ResolverTypeWrapper<PresenceAdministrativeActEdge>;
  PresenceAdministrativeActKind: PresenceAdministrativeActKind;
  PresenceAdministrativeActUsers: ResolverTypeWrapper<PresenceAdministrativeActUsers>;
  PresenceAdministrativeSetting: ResolverTypeWrapper<PresenceAdministrativeSetting>;
  PresenceAuditConnection: ResolverTypeWrapper<PresenceAuditConnection>;
  PresenceAuditEdge: ResolverTypeWrapper<PresenceAuditEdge>;
  PresenceAuditEntry: ResolverTypeWrapper<PresenceAuditEntry>;
  PresenceClassInvitationHandling: PresenceClassInvitationHandling;
  PresenceClassOfService: ResolverTypeWrapper<PresenceClassOfService>;
  PresenceClassOfServiceAdministration: ResolverTypeWrapper<ClassAdministrationParent>;
  PresenceContact: ResolverTypeWrapper<Omit<PresenceContact, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  PresenceContactConnection: ResolverTypeWrapper<Omit<PresenceContactConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PresenceContactEdge']>, nodes: ReadonlyArray<ResolversTypes['PresenceContact']> }>;
  PresenceContactEdge: ResolverTypeWrapper<Omit<PresenceContactEdge, 'node'> & { node: ResolversTypes['PresenceContact'] }>;
  PresenceContactFilter: PresenceContactFilter;
  PresenceContactOrder: PresenceContactOrder;
  PresenceDecision: PresenceDecision;
  PresenceDecisionResult: ResolverTypeWrapper<Omit<PresenceDecisionResult, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  PresenceDecisionsPayload: ResolverTypeWrapper<Omit<PresenceDecisionsPayload, 'results'> & { results: ReadonlyArray<ResolversTypes['PresenceDecisionResult']> }>;
  PresenceForUserInput: PresenceForUserInput;
  PresenceInvitationHandling: PresenceInvitationHandling;
  PresenceMessaging: ResolverTypeWrapper<MessagingParent>;
  PresencePreference: ResolverTypeWrapper<PresencePreference>;
  PresencePrivacy: ResolverTypeWrapper<PresencePrivacyParent>;
  PresencePrivacyAdministration: ResolverTypeWrapper<AdministrationParent>;
  PresencePrivacyAudit: ResolverTypeWrapper<AuditParent>;
  PresencePrivacyEntry: ResolverTypeWrapper<Omit<PresencePrivacyEntry, 'request' | 'user'> & { request?: Maybe<ResolversTypes['IncomingPresenceRequest']>, user?: Maybe<ResolversTypes['User']> }>;
  PresencePrivacyEntryConnection: ResolverTypeWrapper<Omit<PresencePrivacyEntryConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PresencePrivacyEntryEdge']>, nodes: ReadonlyArray<ResolversTypes['PresencePrivacyEntry']> }>;
  PresencePrivacyEntryEdge: ResolverTypeWrapper<Omit<PresencePrivacyEntryEdge, 'node'> & { node: ResolversTypes['PresencePrivacyEntry'] }>;
  PresencePrivacyReason: PresencePrivacyReason;
  PresencePrivacyState: PresencePrivacyState;
  PresenceRefusalReason: PresenceRefusalReason;
  PresenceRenewalForUserInput: PresenceRenewalForUserInput;
  PresenceRequestTrigger: PresenceRequestTrigger;
  PresenceServer: PresenceServer;
  PresenceSession: ResolverTypeWrapper<PresenceSession>;
  PresenceSessionForUserInput: PresenceSessionForUserInput;
  PresenceSiteSettings: ResolverTypeWrapper<PresenceSiteSettings>;
  PresenceStatus: PresenceStatus;
  PresenceTrailActor: PresenceTrailActor;
  PresenceTrailCause: PresenceTrailCause;
  PresenceTrailConnection: ResolverTypeWrapper<Omit<PresenceTrailConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['PresenceTrailEdge']>, nodes: ReadonlyArray<ResolversTypes['PresenceTrailEntry']> }>;
  PresenceTrailEdge: ResolverTypeWrapper<Omit<PresenceTrailEdge, 'node'> & { node: ResolversTypes['PresenceTrailEntry'] }>;
  PresenceTrailEntry: ResolverTypeWrapper<Omit<PresenceTrailEntry, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  PresenceUpdate: ResolverTypeWrapper<Omit<PresenceUpdate, 'presences'> & { presences: ReadonlyArray<ResolversTypes['UserPresence']> }>;
  PresenceUpdateChange: PresenceUpdateChange;
  PresenceUserAdministration: ResolverTypeWrapper<Omit<PresenceUserAdministration, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  PresenceUserExport: ResolverTypeWrapper<PresenceUserExport>;
  PublishPresenceForInput: PublishPresenceForInput;
  PublishPresenceForOutcome: PublishPresenceForOutcome;
  PublishPresenceForPayload: ResolverTypeWrapper<PublishPresenceForPayload>;
  PublishPresenceInput: PublishPresenceInput;
  PublishPresencePayload: ResolverTypeWrapper<Omit<PublishPresencePayload, 'presencePrivacy'> & { presencePrivacy: ResolversTypes['PresencePrivacy'] }>;
  PublishedPresenceFor: ResolverTypeWrapper<PublishedPresenceFor>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RefusedPresencePreference: ResolverTypeWrapper<RefusedPresencePreference>;
  RemovePresenceContactOutcome: RemovePresenceContactOutcome;
  RemovePresenceContactsInput: RemovePresenceContactsInput;
  RemovePresenceContactsPayload: ResolverTypeWrapper<Omit<RemovePresenceContactsPayload, 'presencePrivacy' | 'results'> & { presencePrivacy: ResolversTypes['PresencePrivacy'], results: ReadonlyArray<ResolversTypes['RemovePresenceContactsResult']> }>;
  RemovePresenceContactsResult: ResolverTypeWrapper<Omit<RemovePresenceContactsResult, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  RenewPresenceForOutcome: RenewPresenceForOutcome;
  RenewPresenceSessionInput: RenewPresenceSessionInput;
  RenewPresenceSessionPayload: ResolverTypeWrapper<Omit<RenewPresenceSessionPayload, 'presencePrivacy'> & { presencePrivacy: ResolversTypes['PresencePrivacy'] }>;
  RenewPresenceSessionsForInput: RenewPresenceSessionsForInput;
  RenewPresenceSessionsForPayload: ResolverTypeWrapper<RenewPresenceSessionsForPayload>;
  RenewedPresenceFor: ResolverTypeWrapper<RenewedPresenceFor>;
  ReportCommunicationAttemptsInput: ReportCommunicationAttemptsInput;
  ReportCommunicationAttemptsPayload: ResolverTypeWrapper<ReportCommunicationAttemptsPayload>;
  RequestPresenceAccessInput: RequestPresenceAccessInput;
  RequestPresenceAccessOutcome: RequestPresenceAccessOutcome;
  RequestPresenceAccessPayload: ResolverTypeWrapper<Omit<RequestPresenceAccessPayload, 'results'> & { results: ReadonlyArray<ResolversTypes['RequestPresenceAccessResult']> }>;
  RequestPresenceAccessResult: ResolverTypeWrapper<Omit<RequestPresenceAccessResult, 'request' | 'user'> & { request?: Maybe<ResolversTypes['OutgoingPresenceRequest']>, user?: Maybe<ResolversTypes['User']> }>;
  RespondToRequestOutcome: ResolverTypeWrapper<RespondToRequestOutcome>;
  RespondToRequestOutcomeKind: RespondToRequestOutcomeKind;
  RespondToRequestsInput: RespondToRequestsInput;
  RespondToRequestsPayload: ResolverTypeWrapper<Omit<RespondToRequestsPayload, 'contacts'> & { contacts: ReadonlyArray<ResolversTypes['AddedPresenceContact']> }>;
  SetPresencePreferenceInput: SetPresencePreferenceInput;
  SetPresencePreferencePayload: ResolverTypeWrapper<Omit<SetPresencePreferencePayload, 'presencePrivacy'> & { presencePrivacy: ResolversTypes['PresencePrivacy'] }>;
  SetPresenceServerInput: SetPresenceServerInput;
  SetPresenceServerPayload: ResolverTypeWrapper<Omit<SetPresenceServerPayload, 'users'> & { users: ReadonlyArray<ResolversTypes['PresenceUserAdministration']> }>;
  SetPresenceSiteSettingsInput: SetPresenceSiteSettingsInput;
  SetPresenceSiteSettingsPayload: ResolverTypeWrapper<SetPresenceSiteSettingsPayload>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  UpdatePresenceClassOfServiceInput: UpdatePresenceClassOfServiceInput;
  UpdatePresenceClassOfServiceOutcome: UpdatePresenceClassOfServiceOutcome;
  UpdatePresenceClassOfServicePayload: ResolverTypeWrapper<UpdatePresenceClassOfServicePayload>;
  User: ResolverTypeWrapper<{ readonly id: UserId }>;
  UserPresence: ResolverTypeWrapper<Omit<UserPresence, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  UserPresenceServer: UserPresenceServer;
  WithdrawPresenceRequestInput: WithdrawPresenceRequestInput;
  WithdrawPresenceRequestOutcome: WithdrawPresenceRequestOutcome;
  WithdrawPresenceRequestPayload: ResolverTypeWrapper<Omit<WithdrawPresenceRequestPayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AcceptAllPendingRequestsOfUserInput: AcceptAllPendingRequestsOfUserInput;
  ID: Scalars['ID']['output'];
  AcceptAllPendingRequestsOfUserPayload: AcceptAllPendingRequestsOfUserPayload;
  Int: Scalars['Int']['output'];
  Boolean: Scalars['Boolean']['output'];
  AcceptAllPendingRequestsPayload: Omit<AcceptAllPendingRequestsPayload, 'presencePrivacy'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'] };
  AddPresenceContactsInput: AddPresenceContactsInput;
  AddPresenceContactsPayload: Omit<AddPresenceContactsPayload, 'presencePrivacy' | 'results'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'], results: ReadonlyArray<ResolversParentTypes['AddPresenceContactsResult']> };
  AddPresenceContactsResult: Omit<AddPresenceContactsResult, 'asked' | 'user'> & { asked?: Maybe<ResolversParentTypes['RequestPresenceAccessResult']>, user?: Maybe<ResolversParentTypes['User']> };
  AddedPresenceContact: Omit<AddedPresenceContact, 'asked' | 'user'> & { asked?: Maybe<ResolversParentTypes['RequestPresenceAccessResult']>, user?: Maybe<ResolversParentTypes['User']> };
  AssignPresenceClassOfServiceInput: AssignPresenceClassOfServiceInput;
  String: Scalars['String']['output'];
  AssignPresenceClassOfServicePayload: Omit<AssignPresenceClassOfServicePayload, 'users'> & { users: ReadonlyArray<ResolversParentTypes['PresenceUserAdministration']> };
  CommunicationAttemptInput: CommunicationAttemptInput;
  CreatePresenceClassOfServiceInput: CreatePresenceClassOfServiceInput;
  CreatePresenceClassOfServicePayload: CreatePresenceClassOfServicePayload;
  DateTime: Scalars['DateTime']['output'];
  DecidePresenceAccessInput: DecidePresenceAccessInput;
  DeletePresenceDecisionsInput: DeletePresenceDecisionsInput;
  EndPresenceSessionInput: EndPresenceSessionInput;
  EndPresenceSessionPayload: Omit<EndPresenceSessionPayload, 'presencePrivacy'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'] };
  EndPresenceSessionsForInput: EndPresenceSessionsForInput;
  EndPresenceSessionsForPayload: EndPresenceSessionsForPayload;
  ErasePresenceUserInput: ErasePresenceUserInput;
  ErasePresenceUserPayload: ErasePresenceUserPayload;
  IncomingPresenceRequest: Omit<IncomingPresenceRequest, 'requester'> & { requester?: Maybe<ResolversParentTypes['User']> };
  IncomingPresenceRequestConnection: Omit<IncomingPresenceRequestConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['IncomingPresenceRequestEdge']>, nodes: ReadonlyArray<ResolversParentTypes['IncomingPresenceRequest']> };
  IncomingPresenceRequestEdge: Omit<IncomingPresenceRequestEdge, 'node'> & { node: ResolversParentTypes['IncomingPresenceRequest'] };
  IncomingPresenceRequestsEvent: Omit<IncomingPresenceRequestsEvent, 'notices' | 'requests'> & { notices: ReadonlyArray<ResolversParentTypes['PresenceAccessNotice']>, requests: ReadonlyArray<ResolversParentTypes['IncomingPresenceRequest']> };
  ManualPresenceStatus: ManualPresenceStatus;
  ManualPresenceStatusInput: ManualPresenceStatusInput;
  MessagingDecision: MessagingDecision;
  MessagingPairInput: MessagingPairInput;
  Mutation: Record<PropertyKey, never>;
  OutgoingPresenceRequest: Omit<OutgoingPresenceRequest, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  OutgoingPresenceRequestConnection: Omit<OutgoingPresenceRequestConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['OutgoingPresenceRequestEdge']>, nodes: ReadonlyArray<ResolversParentTypes['OutgoingPresenceRequest']> };
  OutgoingPresenceRequestEdge: Omit<OutgoingPresenceRequestEdge, 'node'> & { node: ResolversParentTypes['OutgoingPresenceRequest'] };
  PageInfo: PageInfo;
  Presence: Presence;
  PresenceAccessNotice: Omit<PresenceAccessNotice, 'requester'> & { requester?: Maybe<ResolversParentTypes['User']> };
  PresenceAccessNoticeConnection: Omit<PresenceAccessNoticeConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PresenceAccessNoticeEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PresenceAccessNotice']> };
  PresenceAccessNoticeEdge: Omit<PresenceAccessNoticeEdge, 'node'> & { node: ResolversParentTypes['PresenceAccessNotice'] };
  PresenceAdministrativeAct: PresenceAdministrativeAct;
  PresenceAdministrativeActConnection: PresenceAdministrativeActConnection;
  PresenceAdministrativeActEdge: PresenceAdministrativeActEdge;
  PresenceAdministrativeActUsers: PresenceAdministrativeActUsers;
  PresenceAdministrativeSetting: PresenceAdministrativeSetting;
  PresenceAuditConnection: PresenceAuditConnection;
  PresenceAuditEdge: PresenceAuditEdge;
  PresenceAuditEntry: PresenceAuditEntry;
  PresenceClassOfService: PresenceClassOfService;
  PresenceClassOfServiceAdministration: ClassAdministrationParent;
  PresenceContact: Omit<PresenceContact, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  PresenceContactConnection: Omit<PresenceContactConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PresenceContactEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PresenceContact']> };
  PresenceContactEdge: Omit<PresenceContactEdge, 'node'> & { node: ResolversParentTypes['PresenceContact'] };
  PresenceContactFilter: PresenceContactFilter;
  PresenceDecisionResult: Omit<PresenceDecisionResult, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  PresenceDecisionsPayload: Omit<PresenceDecisionsPayload, 'results'> & { results: ReadonlyArray<ResolversParentTypes['PresenceDecisionResult']> };
  PresenceForUserInput: PresenceForUserInput;
  PresenceMessaging: MessagingParent;
  PresencePreference: PresencePreference;
  PresencePrivacy: PresencePrivacyParent;
  PresencePrivacyAdministration: AdministrationParent;
  PresencePrivacyAudit: AuditParent;
  PresencePrivacyEntry: Omit<PresencePrivacyEntry, 'request' | 'user'> & { request?: Maybe<ResolversParentTypes['IncomingPresenceRequest']>, user?: Maybe<ResolversParentTypes['User']> };
  PresencePrivacyEntryConnection: Omit<PresencePrivacyEntryConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PresencePrivacyEntryEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PresencePrivacyEntry']> };
  PresencePrivacyEntryEdge: Omit<PresencePrivacyEntryEdge, 'node'> & { node: ResolversParentTypes['PresencePrivacyEntry'] };
  PresenceRenewalForUserInput: PresenceRenewalForUserInput;
  PresenceSession: PresenceSession;
  PresenceSessionForUserInput: PresenceSessionForUserInput;
  PresenceSiteSettings: PresenceSiteSettings;
  PresenceTrailConnection: Omit<PresenceTrailConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['PresenceTrailEdge']>, nodes: ReadonlyArray<ResolversParentTypes['PresenceTrailEntry']> };
  PresenceTrailEdge: Omit<PresenceTrailEdge, 'node'> & { node: ResolversParentTypes['PresenceTrailEntry'] };
  PresenceTrailEntry: Omit<PresenceTrailEntry, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  PresenceUpdate: Omit<PresenceUpdate, 'presences'> & { presences: ReadonlyArray<ResolversParentTypes['UserPresence']> };
  PresenceUserAdministration: Omit<PresenceUserAdministration, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  PresenceUserExport: PresenceUserExport;
  PublishPresenceForInput: PublishPresenceForInput;
  PublishPresenceForPayload: PublishPresenceForPayload;
  PublishPresenceInput: PublishPresenceInput;
  PublishPresencePayload: Omit<PublishPresencePayload, 'presencePrivacy'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'] };
  PublishedPresenceFor: PublishedPresenceFor;
  Query: Record<PropertyKey, never>;
  RefusedPresencePreference: RefusedPresencePreference;
  RemovePresenceContactsInput: RemovePresenceContactsInput;
  RemovePresenceContactsPayload: Omit<RemovePresenceContactsPayload, 'presencePrivacy' | 'results'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'], results: ReadonlyArray<ResolversParentTypes['RemovePresenceContactsResult']> };
  RemovePresenceContactsResult: Omit<RemovePresenceContactsResult, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  RenewPresenceSessionInput: RenewPresenceSessionInput;
  RenewPresenceSessionPayload: Omit<RenewPresenceSessionPayload, 'presencePrivacy'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'] };
  RenewPresenceSessionsForInput: RenewPresenceSessionsForInput;
  RenewPresenceSessionsForPayload: RenewPresenceSessionsForPayload;
  RenewedPresenceFor: RenewedPresenceFor;
  ReportCommunicationAttemptsInput: ReportCommunicationAttemptsInput;
  ReportCommunicationAttemptsPayload: ReportCommunicationAttemptsPayload;
  RequestPresenceAccessInput: RequestPresenceAccessInput;
  RequestPresenceAccessPayload: Omit<RequestPresenceAccessPayload, 'results'> & { results: ReadonlyArray<ResolversParentTypes['RequestPresenceAccessResult']> };
  RequestPresenceAccessResult: Omit<RequestPresenceAccessResult, 'request' | 'user'> & { request?: Maybe<ResolversParentTypes['OutgoingPresenceRequest']>, user?: Maybe<ResolversParentTypes['User']> };
  RespondToRequestOutcome: RespondToRequestOutcome;
  RespondToRequestsInput: RespondToRequestsInput;
  RespondToRequestsPayload: Omit<RespondToRequestsPayload, 'contacts'> & { contacts: ReadonlyArray<ResolversParentTypes['AddedPresenceContact']> };
  SetPresencePreferenceInput: SetPresencePreferenceInput;
  SetPresencePreferencePayload: Omit<SetPresencePreferencePayload, 'presencePrivacy'> & { presencePrivacy: ResolversParentTypes['PresencePrivacy'] };
  SetPresenceServerInput: SetPresenceServerInput;
  SetPresenceServerPayload: Omit<SetPresenceServerPayload, 'users'> & { users: ReadonlyArray<ResolversParentTypes['PresenceUserAdministration']> };
  SetPresenceSiteSettingsInput: SetPresenceSiteSettingsInput;
  SetPresenceSiteSettingsPayload: SetPresenceSiteSettingsPayload;
  Subscription: Record<PropertyKey, never>;
  UpdatePresenceClassOfServiceInput: UpdatePresenceClassOfServiceInput;
  UpdatePresenceClassOfServicePayload: UpdatePresenceClassOfServicePayload;
  User: { readonly id: UserId };
  UserPresence: Omit<UserPresence, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  WithdrawPresenceRequestInput: WithdrawPresenceRequestInput;
  WithdrawPresenceRequestPayload: Omit<WithdrawPresenceRequestPayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
};

export type AcceptAllPendingRequestsOfUserPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AcceptAllPendingRequestsOfUserPayload'] = ResolversParentTypes['AcceptAllPendingRequestsOfUserPayload']> = {
  acceptedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  hasMore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type AcceptAllPendingRequestsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AcceptAllPendingRequestsPayload'] = ResolversParentTypes['AcceptAllPendingRequestsPayload']> = {
  acceptedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  hasMore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
};

export type AddPresenceContactsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AddPresenceContactsPayload'] = ResolversParentTypes['AddPresenceContactsPayload']> = {
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
  results?: Resolver<ReadonlyArray<ResolversTypes['AddPresenceContactsResult']>, ParentType, ContextType>;
};

export type AddPresenceContactsResultResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AddPresenceContactsResult'] = ResolversParentTypes['AddPresenceContactsResult']> = {
  asked?: Resolver<Maybe<ResolversTypes['RequestPresenceAccessResult']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['AddPresenceContactOutcome'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type AddedPresenceContactResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AddedPresenceContact'] = ResolversParentTypes['AddedPresenceContact']> = {
  asked?: Resolver<Maybe<ResolversTypes['RequestPresenceAccessResult']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['AddPresenceContactOutcome'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type AssignPresenceClassOfServicePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AssignPresenceClassOfServicePayload'] = ResolversParentTypes['AssignPresenceClassOfServicePayload']> = {
  outcome?: Resolver<ResolversTypes['AssignPresenceClassOfServiceOutcome'], ParentType, ContextType>;
  users?: Resolver<ReadonlyArray<ResolversTypes['PresenceUserAdministration']>, ParentType, ContextType>;
};

export type CreatePresenceClassOfServicePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CreatePresenceClassOfServicePayload'] = ResolversParentTypes['CreatePresenceClassOfServicePayload']> = {
  classOfService?: Resolver<Maybe<ResolversTypes['PresenceClassOfService']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['CreatePresenceClassOfServiceOutcome'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type EndPresenceSessionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EndPresenceSessionPayload'] = ResolversParentTypes['EndPresenceSessionPayload']> = {
  ended?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
};

export type EndPresenceSessionsForPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EndPresenceSessionsForPayload'] = ResolversParentTypes['EndPresenceSessionsForPayload']> = {
  outcomes?: Resolver<ReadonlyArray<ResolversTypes['EndPresenceSessionForOutcome']>, ParentType, ContextType>;
};

export type ErasePresenceUserPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ErasePresenceUserPayload'] = ResolversParentTypes['ErasePresenceUserPayload']> = {
  erasedUserId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
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
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  streamId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ManualPresenceStatusResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ManualPresenceStatus'] = ResolversParentTypes['ManualPresenceStatus']> = {
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['PresenceStatus'], ParentType, ContextType>;
};

export type MessagingDecisionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['MessagingDecision'] = ResolversParentTypes['MessagingDecision']> = {
  permitted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  recipientId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  senderId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  senderOutcome?: Resolver<ResolversTypes['MessagingSenderOutcome'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  acceptAllPendingRequests?: Resolver<ResolversTypes['AcceptAllPendingRequestsPayload'], ParentType, ContextType>;
  acceptAllPendingRequestsOfUser?: Resolver<ResolversTypes['AcceptAllPendingRequestsOfUserPayload'], ParentType, ContextType, RequireFields<MutationAcceptAllPendingRequestsOfUserArgs, 'input'>>;
  addPresenceContacts?: Resolver<ResolversTypes['AddPresenceContactsPayload'], ParentType, ContextType, RequireFields<MutationAddPresenceContactsArgs, 'input'>>;
  assignPresenceClassOfService?: Resolver<ResolversTypes['AssignPresenceClassOfServicePayload'], ParentType, ContextType, RequireFields<MutationAssignPresenceClassOfServiceArgs, 'input'>>;
  createPresenceClassOfService?: Resolver<ResolversTypes['CreatePresenceClassOfServicePayload'], ParentType, ContextType, RequireFields<MutationCreatePresenceClassOfServiceArgs, 'input'>>;
  decidePresenceAccess?: Resolver<ResolversTypes['PresenceDecisionsPayload'], ParentType, ContextType, RequireFields<MutationDecidePresenceAccessArgs, 'input'>>;
  deletePresenceDecisions?: Resolver<ResolversTypes['PresenceDecisionsPayload'], ParentType, ContextType, RequireFields<MutationDeletePresenceDecisionsArgs, 'input'>>;
  endPresenceSession?: Resolver<ResolversTypes['EndPresenceSessionPayload'], ParentType, ContextType, RequireFields<MutationEndPresenceSessionArgs, 'input'>>;
  endPresenceSessionsFor?: Resolver<ResolversTypes['EndPresenceSessionsForPayload'], ParentType, ContextType, RequireFields<MutationEndPresenceSessionsForArgs, 'input'>>;
  erasePresenceUser?: Resolver<ResolversTypes['ErasePresenceUserPayload'], ParentType, ContextType, RequireFields<MutationErasePresenceUserArgs, 'input'>>;
  publishPresence?: Resolver<ResolversTypes['PublishPresencePayload'], ParentType, ContextType, RequireFields<MutationPublishPresenceArgs, 'input'>>;
  publishPresenceFor?: Resolver<ResolversTypes['PublishPresenceForPayload'], ParentType, ContextType, RequireFields<MutationPublishPresenceForArgs, 'input'>>;
  removePresenceContacts?: Resolver<ResolversTypes['RemovePresenceContactsPayload'], ParentType, ContextType, RequireFields<MutationRemovePresenceContactsArgs, 'input'>>;
  renewPresenceSession?: Resolver<ResolversTypes['RenewPresenceSessionPayload'], ParentType, ContextType, RequireFields<MutationRenewPresenceSessionArgs, 'input'>>;
  renewPresenceSessionsFor?: Resolver<ResolversTypes['RenewPresenceSessionsForPayload'], ParentType, ContextType, RequireFields<MutationRenewPresenceSessionsForArgs, 'input'>>;
  reportCommunicationAttempts?: Resolver<ResolversTypes['ReportCommunicationAttemptsPayload'], ParentType, ContextType, RequireFields<MutationReportCommunicationAttemptsArgs, 'input'>>;
  requestPresenceAccess?: Resolver<ResolversTypes['RequestPresenceAccessPayload'], ParentType, ContextType, RequireFields<MutationRequestPresenceAccessArgs, 'input'>>;
  respondToRequests?: Resolver<ResolversTypes['RespondToRequestsPayload'], ParentType, ContextType, RequireFields<MutationRespondToRequestsArgs, 'input'>>;
  setPresencePreference?: Resolver<ResolversTypes['SetPresencePreferencePayload'], ParentType, ContextType, RequireFields<MutationSetPresencePreferenceArgs, 'input'>>;
  setPresenceServer?: Resolver<ResolversTypes['SetPresenceServerPayload'], ParentType, ContextType, RequireFields<MutationSetPresenceServerArgs, 'input'>>;
  setPresenceSiteSettings?: Resolver<ResolversTypes['SetPresenceSiteSettingsPayload'], ParentType, ContextType, RequireFields<MutationSetPresenceSiteSettingsArgs, 'input'>>;
  updatePresenceClassOfService?: Resolver<ResolversTypes['UpdatePresenceClassOfServicePayload'], ParentType, ContextType, RequireFields<MutationUpdatePresenceClassOfServiceArgs, 'input'>>;
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

export type PresenceAdministrativeActResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAdministrativeAct'] = ResolversParentTypes['PresenceAdministrativeAct']> = {
  act?: Resolver<ResolversTypes['PresenceAdministrativeActKind'], ParentType, ContextType>;
  actorId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  className?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  settings?: Resolver<ReadonlyArray<ResolversTypes['PresenceAdministrativeSetting']>, ParentType, ContextType>;
  userCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type PresenceAdministrativeActConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAdministrativeActConnection'] = ResolversParentTypes['PresenceAdministrativeActConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PresenceAdministrativeActEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PresenceAdministrativeAct']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PresenceAdministrativeActEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAdministrativeActEdge'] = ResolversParentTypes['PresenceAdministrativeActEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PresenceAdministrativeAct'], ParentType, ContextType>;
};

export type PresenceAdministrativeActUsersResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAdministrativeActUsers'] = ResolversParentTypes['PresenceAdministrativeActUsers']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  userIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type PresenceAdministrativeSettingResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAdministrativeSetting'] = ResolversParentTypes['PresenceAdministrativeSetting']> = {
  after?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  before?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PresenceAuditConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAuditConnection'] = ResolversParentTypes['PresenceAuditConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PresenceAuditEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PresenceAuditEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PresenceAuditEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAuditEdge'] = ResolversParentTypes['PresenceAuditEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PresenceAuditEntry'], ParentType, ContextType>;
};

export type PresenceAuditEntryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceAuditEntry'] = ResolversParentTypes['PresenceAuditEntry']> = {
  actor?: Resolver<ResolversTypes['PresenceTrailActor'], ParentType, ContextType>;
  actorId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  cause?: Resolver<ResolversTypes['PresenceTrailCause'], ParentType, ContextType>;
  presentityId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  recordedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  stateAfter?: Resolver<Maybe<ResolversTypes['PresencePrivacyState']>, ParentType, ContextType>;
  stateBefore?: Resolver<Maybe<ResolversTypes['PresencePrivacyState']>, ParentType, ContextType>;
  watcherId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type PresenceClassOfServiceResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceClassOfService'] = ResolversParentTypes['PresenceClassOfService']> = {
  appearOfflineAllowed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  invitationHandling?: Resolver<ResolversTypes['PresenceClassInvitationHandling'], ParentType, ContextType>;
  maxContacts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pendingShown?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  requestCooldownSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  requestLifetimeSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  requestsPerDay?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  requestsPerMinute?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PresenceClassOfServiceAdministrationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceClassOfServiceAdministration'] = ResolversParentTypes['PresenceClassOfServiceAdministration']> = {
  assignedUsers?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  classOfService?: Resolver<ResolversTypes['PresenceClassOfService'], ParentType, ContextType>;
  isDefault?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type PresenceContactResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceContact'] = ResolversParentTypes['PresenceContact']> = {
  access?: Resolver<ResolversTypes['PresenceAccess'], ParentType, ContextType>;
  addedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  presence?: Resolver<ResolversTypes['Presence'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type PresenceContactConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceContactConnection'] = ResolversParentTypes['PresenceContactConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PresenceContactEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PresenceContact']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PresenceContactEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceContactEdge'] = ResolversParentTypes['PresenceContactEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PresenceContact'], ParentType, ContextType>;
};

export type PresenceDecisionResultResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceDecisionResult'] = ResolversParentTypes['PresenceDecisionResult']> = {
  closedRequestId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  decision?: Resolver<Maybe<ResolversTypes['PresenceDecision']>, ParentType, ContextType>;
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  nextRequestAllows?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  previousState?: Resolver<Maybe<ResolversTypes['PresencePrivacyState']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type PresenceDecisionsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceDecisionsPayload'] = ResolversParentTypes['PresenceDecisionsPayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['PresenceDecisionResult']>, ParentType, ContextType>;
};

export type PresenceMessagingResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceMessaging'] = ResolversParentTypes['PresenceMessaging']> = {
  decisions?: Resolver<ReadonlyArray<ResolversTypes['MessagingDecision']>, ParentType, ContextType, RequireFields<PresenceMessagingDecisionsArgs, 'pairs'>>;
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
  classOfService?: Resolver<ResolversTypes['PresenceClassOfService'], ParentType, ContextType>;
  contacts?: Resolver<ResolversTypes['PresenceContactConnection'], ParentType, ContextType, RequireFields<PresencePrivacyContactsArgs, 'first' | 'orderBy'>>;
  decisions?: Resolver<ResolversTypes['PresencePrivacyEntryConnection'], ParentType, ContextType, RequireFields<PresencePrivacyDecisionsArgs, 'first'>>;
  incomingRequests?: Resolver<ResolversTypes['IncomingPresenceRequestConnection'], ParentType, ContextType, RequireFields<PresencePrivacyIncomingRequestsArgs, 'first'>>;
  notices?: Resolver<ResolversTypes['PresenceAccessNoticeConnection'], ParentType, ContextType, RequireFields<PresencePrivacyNoticesArgs, 'first'>>;
  outgoingRequests?: Resolver<ResolversTypes['OutgoingPresenceRequestConnection'], ParentType, ContextType, RequireFields<PresencePrivacyOutgoingRequestsArgs, 'first'>>;
  preference?: Resolver<ResolversTypes['PresencePreference'], ParentType, ContextType>;
  presence?: Resolver<ResolversTypes['Presence'], ParentType, ContextType>;
  sessions?: Resolver<ReadonlyArray<ResolversTypes['PresenceSession']>, ParentType, ContextType>;
  trail?: Resolver<ResolversTypes['PresenceTrailConnection'], ParentType, ContextType, RequireFields<PresencePrivacyTrailArgs, 'first'>>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  visibleTo?: Resolver<ResolversTypes['PresencePrivacyEntryConnection'], ParentType, ContextType, RequireFields<PresencePrivacyVisibleToArgs, 'first'>>;
};

export type PresencePrivacyAdministrationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresencePrivacyAdministration'] = ResolversParentTypes['PresencePrivacyAdministration']> = {
  classOfService?: Resolver<Maybe<ResolversTypes['PresenceClassOfServiceAdministration']>, ParentType, ContextType, RequireFields<PresencePrivacyAdministrationClassOfServiceArgs, 'name'>>;
  classesOfService?: Resolver<ReadonlyArray<ResolversTypes['PresenceClassOfServiceAdministration']>, ParentType, ContextType>;
  site?: Resolver<ResolversTypes['PresenceSiteSettings'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['PresenceUserAdministration'], ParentType, ContextType, RequireFields<PresencePrivacyAdministrationUserArgs, 'id'>>;
};

export type PresencePrivacyAuditResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresencePrivacyAudit'] = ResolversParentTypes['PresencePrivacyAudit']> = {
  administrativeActs?: Resolver<ResolversTypes['PresenceAdministrativeActConnection'], ParentType, ContextType, RequireFields<PresencePrivacyAuditAdministrativeActsArgs, 'first'>>;
  trail?: Resolver<ResolversTypes['PresenceAuditConnection'], ParentType, ContextType, RequireFields<PresencePrivacyAuditTrailArgs, 'first'>>;
  usersOfAdministrativeAct?: Resolver<ResolversTypes['PresenceAdministrativeActUsers'], ParentType, ContextType, RequireFields<PresencePrivacyAuditUsersOfAdministrativeActArgs, 'actId' | 'first'>>;
};

export type PresencePrivacyEntryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresencePrivacyEntry'] = ResolversParentTypes['PresencePrivacyEntry']> = {
  endsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['PresencePrivacyReason'], ParentType, ContextType>;
  request?: Resolver<Maybe<ResolversTypes['IncomingPresenceRequest']>, ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['PresencePrivacyState'], ParentType, ContextType>;
  thenState?: Resolver<Maybe<ResolversTypes['PresencePrivacyState']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type PresencePrivacyEntryConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresencePrivacyEntryConnection'] = ResolversParentTypes['PresencePrivacyEntryConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PresencePrivacyEntryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PresencePrivacyEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PresencePrivacyEntryEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresencePrivacyEntryEdge'] = ResolversParentTypes['PresencePrivacyEntryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PresencePrivacyEntry'], ParentType, ContextType>;
};

export type PresenceSessionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceSession'] = ResolversParentTypes['PresenceSession']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  keptByService?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  leaseEndsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  presence?: Resolver<ResolversTypes['Presence'], ParentType, ContextType>;
};

export type PresenceSiteSettingsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceSiteSettings'] = ResolversParentTypes['PresenceSiteSettings']> = {
  presenceServer?: Resolver<ResolversTypes['PresenceServer'], ParentType, ContextType>;
};

export type PresenceTrailConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceTrailConnection'] = ResolversParentTypes['PresenceTrailConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PresenceTrailEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PresenceTrailEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PresenceTrailEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceTrailEdge'] = ResolversParentTypes['PresenceTrailEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['PresenceTrailEntry'], ParentType, ContextType>;
};

export type PresenceTrailEntryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceTrailEntry'] = ResolversParentTypes['PresenceTrailEntry']> = {
  actor?: Resolver<ResolversTypes['PresenceTrailActor'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  cause?: Resolver<ResolversTypes['PresenceTrailCause'], ParentType, ContextType>;
  stateAfter?: Resolver<Maybe<ResolversTypes['PresencePrivacyState']>, ParentType, ContextType>;
  stateBefore?: Resolver<Maybe<ResolversTypes['PresencePrivacyState']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type PresenceUpdateResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceUpdate'] = ResolversParentTypes['PresenceUpdate']> = {
  change?: Resolver<ResolversTypes['PresenceUpdateChange'], ParentType, ContextType>;
  presences?: Resolver<ReadonlyArray<ResolversTypes['UserPresence']>, ParentType, ContextType>;
  removedIds?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  streamId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type PresenceUserAdministrationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceUserAdministration'] = ResolversParentTypes['PresenceUserAdministration']> = {
  classOfService?: Resolver<ResolversTypes['PresenceClassOfService'], ParentType, ContextType>;
  effectivePresenceServer?: Resolver<ResolversTypes['PresenceServer'], ParentType, ContextType>;
  presenceServer?: Resolver<ResolversTypes['UserPresenceServer'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type PresenceUserExportResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PresenceUserExport'] = ResolversParentTypes['PresenceUserExport']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PublishPresenceForPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PublishPresenceForPayload'] = ResolversParentTypes['PublishPresenceForPayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['PublishedPresenceFor']>, ParentType, ContextType>;
};

export type PublishPresencePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PublishPresencePayload'] = ResolversParentTypes['PublishPresencePayload']> = {
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
  renewAfterSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  session?: Resolver<ResolversTypes['PresenceSession'], ParentType, ContextType>;
};

export type PublishedPresenceForResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PublishedPresenceFor'] = ResolversParentTypes['PublishedPresenceFor']> = {
  invalidField?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  leaseEndsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['PublishPresenceForOutcome'], ParentType, ContextType>;
  renewAfterSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  sessionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  exportPresenceUser?: Resolver<ResolversTypes['PresenceUserExport'], ParentType, ContextType, RequireFields<QueryExportPresenceUserArgs, 'first' | 'userId'>>;
  presenceMessaging?: Resolver<ResolversTypes['PresenceMessaging'], ParentType, ContextType>;
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
  presencePrivacyAdministration?: Resolver<ResolversTypes['PresencePrivacyAdministration'], ParentType, ContextType>;
  presencePrivacyAudit?: Resolver<ResolversTypes['PresencePrivacyAudit'], ParentType, ContextType>;
};

export type RefusedPresencePreferenceResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RefusedPresencePreference'] = ResolversParentTypes['RefusedPresencePreference']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['PresenceRefusalReason'], ParentType, ContextType>;
};

export type RemovePresenceContactsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RemovePresenceContactsPayload'] = ResolversParentTypes['RemovePresenceContactsPayload']> = {
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
  results?: Resolver<ReadonlyArray<ResolversTypes['RemovePresenceContactsResult']>, ParentType, ContextType>;
};

export type RemovePresenceContactsResultResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RemovePresenceContactsResult'] = ResolversParentTypes['RemovePresenceContactsResult']> = {
  outcome?: Resolver<ResolversTypes['RemovePresenceContactOutcome'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type RenewPresenceSessionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RenewPresenceSessionPayload'] = ResolversParentTypes['RenewPresenceSessionPayload']> = {
  presencePrivacy?: Resolver<ResolversTypes['PresencePrivacy'], ParentType, ContextType>;
  renewAfterSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  renewed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  session?: Resolver<Maybe<ResolversTypes['PresenceSession']>, ParentType, ContextType>;
};

export type RenewPresenceSessionsForPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RenewPresenceSessionsForPayload'] = ResolversParentTypes['RenewPresenceSessionsForPayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['RenewedPresenceFor']>, ParentType, ContextType>;
};

export type RenewedPresenceForResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RenewedPresenceFor'] = ResolversParentTypes['RenewedPresenceFor']> = {
  invalidField?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  leaseEndsAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['RenewPresenceForOutcome'], ParentType, ContextType>;
  renewAfterSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  sessionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ReportCommunicationAttemptsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ReportCommunicationAttemptsPayload'] = ResolversParentTypes['ReportCommunicationAttemptsPayload']> = {
  outcomes?: Resolver<ReadonlyArray<ResolversTypes['CommunicationAttemptOutcome']>, ParentType, ContextType>;
};

export type RequestPresenceAccessPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RequestPresenceAccessPayload'] = ResolversParentTypes['RequestPresenceAccessPayload']> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['RequestPresenceAccessResult']>, ParentType, ContextType>;
};

export type RequestPresenceAccessResultResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RequestPresenceAccessResult'] = ResolversParentTypes['RequestPresenceAccessResult']> = {
  access?: Resolver<ResolversTypes['PresenceAccess'], ParentType, ContextType>;
  contact?: Resolver<Maybe<ResolversTypes['AddPresenceContactOutcome']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['RequestPresenceAccessOutcome'], ParentType, ContextType>;
  request?: Resolver<Maybe<ResolversTypes['OutgoingPresenceRequest']>, ParentType, ContextType>;
  retryAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
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

export type SetPresenceServerPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SetPresenceServerPayload'] = ResolversParentTypes['SetPresenceServerPayload']> = {
  users?: Resolver<ReadonlyArray<ResolversTypes['PresenceUserAdministration']>, ParentType, ContextType>;
};

export type SetPresenceSiteSettingsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SetPresenceSiteSettingsPayload'] = ResolversParentTypes['SetPresenceSiteSettingsPayload']> = {
  site?: Resolver<ResolversTypes['PresenceSiteSettings'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  incomingPresenceRequests?: SubscriptionResolver<ResolversTypes['IncomingPresenceRequestsEvent'], "incomingPresenceRequests", ParentType, ContextType, Partial<SubscriptionIncomingPresenceRequestsArgs>>;
  presenceUpdates?: SubscriptionResolver<ResolversTypes['PresenceUpdate'], "presenceUpdates", ParentType, ContextType, Partial<SubscriptionPresenceUpdatesArgs>>;
};

export type UpdatePresenceClassOfServicePayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UpdatePresenceClassOfServicePayload'] = ResolversParentTypes['UpdatePresenceClassOfServicePayload']> = {
  classOfService?: Resolver<Maybe<ResolversTypes['PresenceClassOfService']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['UpdatePresenceClassOfServiceOutcome'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  canBeMessaged?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  presence?: Resolver<Maybe<ResolversTypes['Presence']>, ParentType, ContextType>;
  presenceAccess?: Resolver<Maybe<ResolversTypes['PresenceAccess']>, ParentType, ContextType>;
};

export type UserPresenceResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserPresence'] = ResolversParentTypes['UserPresence']> = {
  presence?: Resolver<ResolversTypes['Presence'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type WithdrawPresenceRequestPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['WithdrawPresenceRequestPayload'] = ResolversParentTypes['WithdrawPresenceRequestPayload']> = {
  outcome?: Resolver<ResolversTypes['WithdrawPresenceRequestOutcome'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphQLContext> = {
  AcceptAllPendingRequestsOfUserPayload?: AcceptAllPendingRequestsOfUserPayloadResolvers<ContextType>;
  AcceptAllPendingRequestsPayload?: AcceptAllPendingRequestsPayloadResolvers<ContextType>;
  AddPresenceContactsPayload?: AddPresenceContactsPayloadResolvers<ContextType>;
  AddPresenceContactsResult?: AddPresenceContactsResultResolvers<ContextType>;
  AddedPresenceContact?: AddedPresenceContactResolvers<ContextType>;
  AssignPresenceClassOfServicePayload?: AssignPresenceClassOfServicePayloadResolvers<ContextType>;
  CreatePresenceClassOfServicePayload?: CreatePresenceClassOfServicePayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  EndPresenceSessionPayload?: EndPresenceSessionPayloadResolvers<ContextType>;
  EndPresenceSessionsForPayload?: EndPresenceSessionsForPayloadResolvers<ContextType>;
  ErasePresenceUserPayload?: ErasePresenceUserPayloadResolvers<ContextType>;
  IncomingPresenceRequest?: IncomingPresenceRequestResolvers<ContextType>;
  IncomingPresenceRequestConnection?: IncomingPresenceRequestConnectionResolvers<ContextType>;
  IncomingPresenceRequestEdge?: IncomingPresenceRequestEdgeResolvers<ContextType>;
  IncomingPresenceRequestsEvent?: IncomingPresenceRequestsEventResolvers<ContextType>;
  ManualPresenceStatus?: ManualPresenceStatusResolvers<ContextType>;
  MessagingDecision?: MessagingDecisionResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  OutgoingPresenceRequest?: OutgoingPresenceRequestResolvers<ContextType>;
  OutgoingPresenceRequestConnection?: OutgoingPresenceRequestConnectionResolvers<ContextType>;
  OutgoingPresenceRequestEdge?: OutgoingPresenceRequestEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Presence?: PresenceResolvers<ContextType>;
  PresenceAccessNotice?: PresenceAccessNoticeResolvers<ContextType>;
  PresenceAccessNoticeConnection?: PresenceAccessNoticeConnectionResolvers<ContextType>;
  PresenceAccessNoticeEdge?: PresenceAccessNoticeEdgeResolvers<ContextType>;
  PresenceAdministrativeAct?: PresenceAdministrativeActResolvers<ContextType>;
  PresenceAdministrativeActConnection?: PresenceAdministrativeActConnectionResolvers<ContextType>;
  PresenceAdministrativeActEdge?: PresenceAdministrativeActEdgeResolvers<ContextType>;
  PresenceAdministrativeActUsers?: PresenceAdministrativeActUsersResolvers<ContextType>;
  PresenceAdministrativeSetting?: PresenceAdministrativeSettingResolvers<ContextType>;
  PresenceAuditConnection?: PresenceAuditConnectionResolvers<ContextType>;
  PresenceAuditEdge?: PresenceAuditEdgeResolvers<ContextType>;
  PresenceAuditEntry?: PresenceAuditEntryResolvers<ContextType>;
  PresenceClassOfService?: PresenceClassOfServiceResolvers<ContextType>;
  PresenceClassOfServiceAdministration?: PresenceClassOfServiceAdministrationResolvers<ContextType>;
  PresenceContact?: PresenceContactResolvers<ContextType>;
  PresenceContactConnection?: PresenceContactConnectionResolvers<ContextType>;
  PresenceContactEdge?: PresenceContactEdgeResolvers<ContextType>;
  PresenceDecisionResult?: PresenceDecisionResultResolvers<ContextType>;
  PresenceDecisionsPayload?: PresenceDecisionsPayloadResolvers<ContextType>;
  PresenceMessaging?: PresenceMessagingResolvers<ContextType>;
  PresencePreference?: PresencePreferenceResolvers<ContextType>;
  PresencePrivacy?: PresencePrivacyResolvers<ContextType>;
  PresencePrivacyAdministration?: PresencePrivacyAdministrationResolvers<ContextType>;
  PresencePrivacyAudit?: PresencePrivacyAuditResolvers<ContextType>;
  PresencePrivacyEntry?: PresencePrivacyEntryResolvers<ContextType>;
  PresencePrivacyEntryConnection?: PresencePrivacyEntryConnectionResolvers<ContextType>;
  PresencePrivacyEntryEdge?: PresencePrivacyEntryEdgeResolvers<ContextType>;
  PresenceSession?: PresenceSessionResolvers<ContextType>;
  PresenceSiteSettings?: PresenceSiteSettingsResolvers<ContextType>;
  PresenceTrailConnection?: PresenceTrailConnectionResolvers<ContextType>;
  PresenceTrailEdge?: PresenceTrailEdgeResolvers<ContextType>;
  PresenceTrailEntry?: PresenceTrailEntryResolvers<ContextType>;
  PresenceUpdate?: PresenceUpdateResolvers<ContextType>;
  PresenceUserAdministration?: PresenceUserAdministrationResolvers<ContextType>;
  PresenceUserExport?: PresenceUserExportResolvers<ContextType>;
  PublishPresenceForPayload?: PublishPresenceForPayloadResolvers<ContextType>;
  PublishPresencePayload?: PublishPresencePayloadResolvers<ContextType>;
  PublishedPresenceFor?: PublishedPresenceForResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RefusedPresencePreference?: RefusedPresencePreferenceResolvers<ContextType>;
  RemovePresenceContactsPayload?: RemovePresenceContactsPayloadResolvers<ContextType>;
  RemovePresenceContactsResult?: RemovePresenceContactsResultResolvers<ContextType>;
  RenewPresenceSessionPayload?: RenewPresenceSessionPayloadResolvers<ContextType>;
  RenewPresenceSessionsForPayload?: RenewPresenceSessionsForPayloadResolvers<ContextType>;
  RenewedPresenceFor?: RenewedPresenceForResolvers<ContextType>;
  ReportCommunicationAttemptsPayload?: ReportCommunicationAttemptsPayloadResolvers<ContextType>;
  RequestPresenceAccessPayload?: RequestPresenceAccessPayloadResolvers<ContextType>;
  RequestPresenceAccessResult?: RequestPresenceAccessResultResolvers<ContextType>;
  RespondToRequestOutcome?: RespondToRequestOutcomeResolvers<ContextType>;
  RespondToRequestsPayload?: RespondToRequestsPayloadResolvers<ContextType>;
  SetPresencePreferencePayload?: SetPresencePreferencePayloadResolvers<ContextType>;
  SetPresenceServerPayload?: SetPresenceServerPayloadResolvers<ContextType>;
  SetPresenceSiteSettingsPayload?: SetPresenceSiteSettingsPayloadResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  UpdatePresenceClassOfServicePayload?: UpdatePresenceClassOfServicePayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserPresence?: UserPresenceResolvers<ContextType>;
  WithdrawPresenceRequestPayload?: WithdrawPresenceRequestPayloadResolvers<ContextType>;
};


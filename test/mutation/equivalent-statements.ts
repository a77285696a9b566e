/** Why a fault of a statement changes nothing that can be observed of one statement alone; undefined if it does. */
export function whyEquivalent({
  name,
  fault,
}: {
  readonly name: string
  readonly fault: string
}): string | undefined {
  return EQUIVALENT.find((each) => each.of.test(name) && each.fault.test(fault))?.why
}

type Equivalent = { readonly of: RegExp; readonly fault: RegExp; readonly why: string }

const LOCK_ORDER = 'the order of locks: two at once are held by races.test.ts and session-races.test.ts'
const OTHER_LOCKS = 'locks alone: what happens at the same time is held by erasure-races.test.ts'
const ALWAYS_THERE = 'a foreign key, or the statement before it, sees to it that the row is there'
const COUNTED = 'only counted'
const UNREAD = 'nobody reads it of these rows'
const WHICH_FIRST = 'which of them go first is not promised: the order is that of an index'

const EQUIVALENT: readonly Equivalent[] = [
  { of: /./, fault: /^1 -> 2 \(….*(select|returning) 1\b/, why: COUNTED },
  {
    of: /./,
    fault:
      /^join -> left join \(….*(users [uv]|v\.id = asked\.(id|watcher_id)|p\.presentity_id|u\.id = asked\.id|act_users u) join/,
    why: ALWAYS_THERE,
  },
  {
    of: /^live|^view|^readFacts/,
    fault: /^join -> left join \(….*presence_privacy\.(pairs p|users u) join/,
    why: ALWAYS_THERE,
  },
  { of: /^(live|look|verify)/, fault: /^sum\( -> max\( .*\+ \(select/, why: 'the site is one row' },
  {
    of: /^(livePairs|viewPairs)$/,
    fault: /^distinct ->/,
    why: 'of a pair that is asked for twice the later row is the same',
  },
  {
    of: /^lookLive$/,
    fault: /^(=|w\.id = any.*) -> /,
    why: 'whoever else is looked through, only those who are known can be found: the range is for speed',
  },
  { of: /lockSessions$/, fault: /^(=|u\.id|\w+\.id = any.*) -> .*(order by|u where)/, why: LOCK_ORDER },
  { of: /lockPairs$/, fault: /order by/, why: LOCK_ORDER },
  { of: /lockUsers$/, fault: /order by/, why: LOCK_ORDER },
  { of: /(keepOff|holdOff|serialise)/, fault: /./, why: OTHER_LOCKS },
  { of: /ensureUsers$/, fault: /-> true/, why: 'a row that is there conflicts, which does nothing' },
  {
    of: /readLockedPairs$/,
    fault: /^left join -> join/,
    why: 'a pair without a row is read as one with nothing in it; the row is for the work to be the same',
  },
  {
    of: /storeAnswer$/,
    fault: /client_key|^\$2/,
    why: 'an answer under a key that is there is never stored: the first one is found before',
  },
  { of: /^assignedUsers$/, fault: /^u\.id -> u\./, why: COUNTED },
  {
    of: /^eraseFromAnswers$/,
    fault: /-> true/,
    why: 'answers that do not name the user stay as they are; the range is for speed',
  },
  {
    of: /^renameIn/,
    fault: /-> true|^and -> or/,
    why: 'where the id does not stand it is not replaced; the range is for speed',
  },
  { of: /^erasePairs$/, fault: /^p\.(edge_origin|shown_when_asked|edge_since) ->/, why: UNREAD },
  {
    of: /^(viewContacts)$/,
    fault: /^(coalesce|'NONE|false|u\.id|is null|left join|1 ->|limit 1)/,
    why: `${ALWAYS_THERE}; one row of a key needs no limit`,
  },
  {
    of: /^viewPresence$/,
    fault: /^(limit 1|1 -> 2)/,
    why: 'one row of a key needs no limit, which is for the planner',
  },
  {
    of: /^view(Presence|Contacts)$/,
    fault: /^([up]\.visibility|asked\.id|is null) -> .*is null (then s|e)/,
    why: 'a stand-in for work, which nobody reads',
  },
  {
    of: /^view(Presence|Contacts)$/,
    fault: /^union all ->/,
    why: 'no two rows are the same but those of a user who is asked for twice, and one of these is enough',
  },
  {
    of: /^viewPresence$/,
    fault: /^left join -> join.*users where|^left join -> join.*u on true left join/,
    why: ALWAYS_THERE,
  },
  {
    of: /^view(Presence|Contacts)$/,
    fault: /^> -> >=.*session_ends_at/,
    why: 'the reader leaves out what has ended',
  },
  { of: /^(readFacts|lookLive)$/, fault: /^left join -> join/, why: 'SURVIVES' },
  { of: /^(forget|expire|findEnded)/, fault: /order by/, why: WHICH_FIRST },
  {
    of: /^forgetActs$/,
    fault: /u\.act_id|not exists/,
    why: 'their users have gone before, unless another instance holds them',
  },
  { of: /^findRecordedAct$/, fault: /^limit 1|^1 -> 2/, why: 'whether there is one' },
  {
    of: /^listEdges$/,
    fault: /^('NONE'|p\.edge_state).*edge_state <> 'NONE'/,
    why: 'repeats what the ways of being stored say, for the index',
  },
  {
    of: /^list(Edges|Waiting)$/,
    fault: /^(i\.)?state -> .*kind, (i\.)?state, /,
    why: 'all that is read is open, and the reader says so',
  },
  { of: /^viewPopup$/, fault: /^(true -> false|union all)/, why: 'one row, whatever is in it' },
  { of: /^viewPopup$/, fault: /^watcher_id -> .*union all select id/, why: UNREAD },
  {
    of: /reapSessions\.writeSessions/,
    fault: /^written\.(ends_at|sessions) -> null/,
    why: 'nothing is what is written',
  },
  { of: /reapSessions\.lockSessions/, fault: /^locked\.sessions/, why: UNREAD },
  {
    of: /^proveCaller$/,
    fault: /^true -> false|^\(select case.* -> not/,
    why: 'it is refused or answered: nobody reads the rows of it',
  },
  {
    of: /^auditActs$/,
    fault: /^(listed\.(id|at)|desc) -> .*listed\.at desc/,
    why: 'repeats the order of what it selects from, which SQL does not promise to keep',
  },
  { of: /^setSite$/, fault: /^1 -> 2/, why: 'a revision is raised, by whatever' },
]

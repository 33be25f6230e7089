// Every number that bounds what one side takes from another, with its reason. Server, extension and page share this list.
import { windowLimits } from "./windowLimits.ts";

/** The version of both wires; the first message of each connection bears it. */
export const PROTOCOL_VERSION = 2;

export const limits = {
  /** Characters (code points) of a name: fits a tab and a tree row, and a directory of thousands fits one frame. */
  nameLength: 32,

  /** UTF-8 bytes of one message's text: a long stack trace or a file of some 300 lines, not an archive. */
  textBytes: 16 * 1024,

  /**
   * Bytes of one frame from a client, or between peers. A text at its limit grows at most sixfold in JSON
   * (control characters become `\u0000`): 96 KiB, and the rest of the message fits in what remains.
   */
  frameBytes: 100 * 1024,

  /** Objects and lists inside each other in a message: an introduction has five. */
  messageDepth: 8,

  /** Brackets that open, commas and colons outside the strings of a message: a full card has about a hundred. */
  messageMarks: 512,

  /** The same of a message from the server: a list of `clients` users with their presence has five for each. */
  serverMessageMarks: 5 * 16_384 + 512,

  /** Bytes of a message that bears no text of a user's and no list of users: a `join` with everything in it takes about one
   * thousand, and seven with the longest name in its longest form. */
  shortMessageBytes: 8 * 1024,

  /** Bytes that the server reads from the members of one key, at once after a pause and a second for long: ten texts at their
   * limit in their longest form. For long it is twice what the lobby takes of one key, if that is more. */
  memberBurstBytes: 1024 * 1024,
  memberBytesPerSecond: 128 * 1024,

  /** Fragments of one message, whoever reads it. Empty ones would never reach a limit in bytes; no library makes as many of a
   * message of 100 KiB. */
  fragments: 1_024,

  /** Bytes of one frame from the server: a list of `clients` users with the longest names there can be. */
  serverFrameBytes: 4 * 1024 * 1024,

  /** Frames a second that one client may send for long: far above any typist, low enough that one script
   * cannot occupy the fan-out. Argument `--messages-per-second`. */
  framesPerSecond: 50,

  /** Frames at once after a pause, as a multiple of a second's: a pasted script or a rejoin is not an abuse. */
  burstSeconds: 4,

  /**
   * Bytes a second of lobby messages that each reader gets, for long: half of what a line of 8 Mbit/s carries, so that an
   * honest slow reader keeps up with any number of authors. Argument `--lobby-bytes-per-second`.
   */
  lobbyBytesPerSecond: 512 * 1024,

  /** The most that the argument can set: together with notices, less than what a client reads (`serverBytesPerSecond`,
   * `serverFramesPerSecond`), since a reader who cannot keep up is dropped. */
  lobbyBytesPerSecondMost: 768 * 1024,

  /** Bytes of them at once after a pause, in seconds of that rate: far below `backlogBytes`. */
  lobbyBurstSeconds: 0.5,

  /** The share of one key, and what it may send at once after a pause, in seconds of the lobby's rate: eight of the longest texts. */
  keyShare: 1 / 8,
  keyBurstSeconds: 0.25,

  /** Readers up to which the lobby has its full rate. With more it falls in proportion: what goes out in all is bounded. */
  fullRateReaders: 256,

  /** Bytes that the shortest lobby message counts for: each costs a reader more than its bytes. */
  leastMessageBytes: 512,

  /** Edits, retractions and reactions of one key at once after a pause, and a second for long. */
  changeBurst: 50,
  changesPerSecond: 5,

  /** Messages that wait for the lobby's rate while their connections are not read, one of each: of one key, of one address, and in
   * all. */
  waitingMessagesPerKey: 16,
  waitingMessagesPerAddress: 64,
  waitingMessages: 1024,

  /** Milliseconds that one waits before it is refused: well below `silenceMs`, since a connection that is not read shows no
   * sign of life. */
  waitingMs: 10_000,

  /** Bytes of `arrived`, `left` and `presence` that each reader gets at once after a pause, and a second for long: some
   * hundred people who come at once are told of at once. */
  noticeBurstBytes: 32 * 1024,
  noticeBytesPerSecond: 24 * 1024,

  /** Readers up to which that is the rate; with more it falls in proportion. */
  fullNoticeReaders: 4096,

  /** Bytes that the shortest of them counts for. */
  leastNoticeBytes: 64,

  /** Changes of presence of one key at once after a pause, and a second for long. */
  presenceBurst: 20,
  presencesPerSecond: 1,

  /** Bytes of the messages that newcomers are told, at once after a pause, and a second for long: of one network, and of all. */
  welcomeBurstBytes: 192 * 1024 * 1024,
  welcomeBytesPerSecond: 2 * 1024 * 1024,
  allWelcomesBurstBytes: 1024 * 1024 * 1024,
  allWelcomesBytesPerSecond: 32 * 1024 * 1024,
  /** Bytes of the newest messages that someone who joins is told when those are used up; they are not counted. */
  leastWelcomeBytes: 32 * 1024,

  /** Bytes of answers to `users` at once after a pause, and a second for long: of one key, and of all. */
  listBurstBytes: 1024 * 1024,
  listBytesPerSecond: 256 * 1024,
  allListsBurstBytes: 8 * 1024 * 1024,
  allListsBytesPerSecond: 4 * 1024 * 1024,

  /** Bytes of one frame from someone who has not joined: a `join` with everything in it takes about one thousand. */
  strangerBytes: 8 * 1024,

  /** Frames at once, and a second for long, of someone who has not joined: a few names may be refused. */
  strangerBurst: 20,
  strangerFramesPerSecond: 5,

  /** Milliseconds after which a stranger may join again, when an earlier `join` of the connection has no answer yet. */
  strangerRetryMs: 1_000,

  /** Frames that are read in one turn of the server's event loop, from whomever: some milliseconds. A longer one counts for one
   * more with each `frameUnitBytes`. */
  framesPerTurn: 64,
  frameUnitBytes: 8 * 1024,

  /** Joins whose signature is checked in one turn of the server's event loop: some milliseconds. */
  proofsPerTurn: 4,

  /** Wrong signatures at once, and a second for long, of one address (an IPv6 /64), before its connections that have shown one
   * have to wait. A /48 has four times as many. */
  wrongProofBurst: 50,
  wrongProofsPerSecond: 2,

  /** Errors that one connection may cause before it is closed; one is forgiven each second. Enough to write a
   * client by trial, too few to make the server talk to noise. */
  errors: 100,

  /** Connections that one address (an IPv6 /64 counts as one) may hold: a school behind one NAT fits, and one
   * machine cannot take every place. Argument `--clients-per-address`. */
  clientsPerAddress: 4096,

  /** Connections in all: bounds the directory, the user list's frame and the file descriptors. */
  clients: 16_384,

  /** Milliseconds from the TCP connection to the HTTP upgrade, again from there to the joining, and again from there until the
   * client has taken its welcome: a slow satellite link manages, an idle socket is not kept. */
  handshakeMs: 10_000,

  /** Milliseconds between the server's pings to one client. With ten thousand of them each second of it counts; an answer
   * still has 9.5 s to come, in which TCP sends again what was lost: as long as on a link between peers. */
  heartbeatMs: 19_000,

  /** Milliseconds without any sign of life after which a connection to the server counts as dead, for both. */
  silenceMs: 28_500,

  /** Milliseconds after which the server looks for such: a client that vanished is gone for the others within 30 s. */
  silenceStepMs: 1_000,

  /** The same for a link between peers, where each end pings, and for each end of a tunnel: they are few. */
  linkHeartbeatMs: 9_500,
  linkSilenceMs: 19_500,

  /** Bytes queued for one client that does not read, before it is dropped. Argument `--max-backlog`. */
  backlogBytes: 1024 * 1024,

  /**
   * Bytes of welcomes and lists of users that all clients together may leave unread: some hundred of the largest that come at
   * once, over lines that are slower than the server.
   */
  unreadBytes: 64 * 1024 * 1024,

  /** Lobby messages that the server keeps for clients which come back; the oldest go first. */
  historyMessages: 512,

  /** Edits, retractions and reactions that it keeps beside them: some for each message. */
  historyChanges: 1536,

  /** Lobby messages that a newcomer gets. Argument `--history`. */
  newcomerMessages: 200,

  /** Bytes of encoded frames that this history may take; the oldest go first. */
  historyBytes: 768 * 1024,

  /** Lobby messages of which the server knows who has said them, so that they can be answered and changed: as many as a
   * window holds of one session. */
  authors: 10_000,

  /** Milliseconds from an invitation to its answer: a person may be asked in between. */
  introductionMs: 60_000,

  /** Milliseconds from an introduction to the first connection; a relay's ticket is good for as long. */
  connectMs: 60_000,

  /** Invitations that one client may have open at once: one person forks a handful. Below what `forkBurst` lets through. */
  pendingForks: 8,

  /** The same of one address (an IPv6 /64), where everyone of a crowd may have one open, and in all: each costs about a kilobyte. */
  openForksPerAddress: 2048,
  openForks: 8192,

  /** Forks at once after a pause, and a second for long, of one key: nobody opens more conversations by hand. */
  forkBurst: 10,
  forksPerSecond: 1 / 6,

  /** Invitations from the server that a window takes at once after a pause, and then as many as one key may send: a class of 30
   * people who all ask their teacher. */
  inviteBurst: 32,

  /** Joinings at once after a pause, and a second for long, of one key: a bad link drops often, a person seldom. */
  joinBurst: 30,
  joinsPerSecond: 2,

  /** Requests to be reached again (`reach`) at once after a pause, and a second for long, of one key. */
  reachBurst: 64,
  reachesPerSecond: 2,

  /** `reach` and `fork` of one key to another at once, and a second for long. */
  approachBurst: 40,
  approachesPerSecond: 1,

  /** Bytes of what they have one key told, at once and a second for long: of one address (an IPv6 /48), a class of 30 people whose
   * teacher comes back among them. */
  approachBurstBytes: 64 * 1024,
  approachBytesPerSecond: 8 * 1024,

  /** The same of all: 64 sessions at once, with full cards. */
  allApproachesBurstBytes: 256 * 1024,
  allApproachesBytesPerSecond: 32 * 1024,

  /** Bytes that a client has left unread above which it is told none of them. */
  approachBacklogBytes: 128 * 1024,

  /** Milliseconds for which a name stays bound to the key of somebody who is away: a lunch, a flight, a night. */
  heldNameMs: 24 * 3_600_000,

  /** Ids of lobby messages that the server recognizes: in all, and of one key, as many as may wait there for their number. */
  saidIds: 32_768,
  saidIdsPerKey: 1024,

  /** Names that are kept for people who are away; beyond it, see the server's `Shares`. */
  heldNames: 16_384,

  /** The same of one key: a person goes by a handful of names. */
  heldNamesPerKey: 16,

  /** Bytes of one binary frame through the relay. */
  relayFrameBytes: 32 * 1024,

  /** Bytes that each frame through it counts for at least, an empty one, a ping or a pong too: each costs the server work. */
  leastRelayFrameBytes: 512,

  /** Bytes a second through one tunnel, each way: a fast typist needs some hundred, a pasted file a moment. */
  relayBytesPerSecond: 1024 * 1024,

  /** The same of all tunnels of one key, of one address, and of all together. */
  relayBytesPerSecondOfKey: 4 * 1024 * 1024,
  relayBytesPerSecondOfAddress: 16 * 1024 * 1024,
  relayBytesPerSecondInAll: 64 * 1024 * 1024,

  /** Tunnels at the relay at once: of one key, and in all. */
  relayTunnelsPerKey: 64,
  relayTunnels: 4096,

  /** Pairs of tickets for it that were not shown yet: of one key, as many as it may ask for at once and in their time, and in all. */
  ticketPairsPerKey: 128,
  ticketPairs: 8192,

  ...windowLimits,
} as const;

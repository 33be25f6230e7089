// Every limit on what one side accepts from another, with its reason. Server, extension and page share this list. In
// pairs, the first value is a burst after a pause, and the second a sustained rate per second.
import { windowLimits } from "./windowLimits.ts";

/** The version of both protocols. The first message of each connection carries it. */
export const PROTOCOL_VERSION = 2;

export const limits = {
  /** Characters (code points) of a name: fits a tab and a tree row, and a list of thousands fits one frame. */
  nameLength: 32,

  /** UTF-8 bytes of one message's text: enough for a long stack trace or a file of about 300 lines. */
  textBytes: 16 * 1024,

  /** UTF-8 bytes of a message's `part` as JSON: a place in a file, with hashes of the lines around it. */
  partBytes: 3 * 1024,

  /** Capabilities in a peer's `hello`. */
  capabilities: 16,

  /** Bytes of one frame from a client, or between peers. In JSON a text grows at most sixfold (control characters become
   * `\u0000`), to 96 KiB. The rest of the message fits in the remaining 4 KiB. */
  frameBytes: 100 * 1024,

  /** Nesting depth of objects and lists in a message. An introduction has five. */
  messageDepth: 8,

  /** Opening brackets, commas and colons outside the strings of a message. A full card has about a hundred. */
  messageMarks: 512,

  /** The same for messages from the server. A list of `clients` users with presence has five for each. */
  serverMessageMarks: 5 * 16_384 + 512,

  /** Bytes of a message without a user's text or a user list. A full `join` takes about one thousand, and seven thousand
   * with the longest name in its longest form. */
  shortMessageBytes: 8 * 1024,

  /** Bytes that the server reads from all connections of one key: ten of the longest texts in their longest form at
   * once. The sustained rate is at least twice the lobby's rate for one key. */
  memberBurstBytes: 1024 * 1024,
  memberBytesPerSecond: 128 * 1024,

  /** Fragments of one message. Empty fragments would never reach a limit in bytes, and no library splits 100 KiB into as
   * many. */
  fragments: 1_024,

  /** Bytes of one frame from the server: fits a list of `clients` users with the longest names. */
  serverFrameBytes: 4 * 1024 * 1024,

  /** Sustained frames per second from one client: far more than anyone types, too few for one script to occupy the
   * fan-out. Option `--messages-per-second`. */
  framesPerSecond: 50,

  /** Burst of frames, in seconds of that rate: a pasted script or a rejoin is not abuse. */
  burstSeconds: 4,

  /** Sustained bytes per second of lobby messages to each reader: half of an 8 Mbit/s line, so that honest slow readers
   * keep up with any number of authors. Option `--lobby-bytes-per-second`. */
  lobbyBytesPerSecond: 512 * 1024,

  /** Upper bound of that option. Together with notices it stays below what a client reads (`serverBytesPerSecond`,
   * `serverFramesPerSecond`), because readers who cannot keep up are dropped. */
  lobbyBytesPerSecondMost: 768 * 1024,

  /** Burst of lobby messages, in seconds of that rate: far below `backlogBytes`. */
  lobbyBurstSeconds: 0.5,

  /** One key's share of the lobby's rate, and its burst in seconds of that rate: eight of the longest texts. */
  keyShare: 1 / 8,
  keyBurstSeconds: 0.25,

  /** Readers up to which the lobby has its full rate. Beyond it the rate falls in proportion, so that the total output
   * is bounded. */
  fullRateReaders: 256,

  /** Minimum bytes charged for a lobby message, because each costs a reader more than its bytes. */
  leastMessageBytes: 512,

  /** Edits, retractions and reactions of one key. */
  changeBurst: 50,
  changesPerSecond: 5,

  /** Messages that wait for the lobby's rate while their connections are not read, one of each: of one key, of one address, and in
   * all. */
  waitingMessagesPerKey: 16,
  waitingMessagesPerAddress: 64,
  waitingMessages: 1024,

  /** Milliseconds after which such a message is refused. Well below `silenceMs`, because a connection that is not read
   * shows no sign of life. */
  waitingMs: 10_000,

  /** Bytes of `arrived`, `left` and `presence` to each reader. The burst covers some hundred people who join at once. */
  noticeBurstBytes: 32 * 1024,
  noticeBytesPerSecond: 24 * 1024,

  /** Readers up to which notices have that rate. Beyond it the rate falls in proportion. */
  fullNoticeReaders: 4096,

  /** Minimum bytes charged for a notice. */
  leastNoticeBytes: 64,

  /** Presence changes of one key. */
  presenceBurst: 20,
  presencesPerSecond: 1,

  /** Bytes of old messages to newcomers: per network, and in all. */
  welcomeBurstBytes: 192 * 1024 * 1024,
  welcomeBytesPerSecond: 2 * 1024 * 1024,
  allWelcomesBurstBytes: 1024 * 1024 * 1024,
  allWelcomesBytesPerSecond: 32 * 1024 * 1024,
  /** Bytes of the newest messages that a newcomer gets when those budgets are used up. Not counted against them. */
  leastWelcomeBytes: 32 * 1024,

  /** Bytes of answers to `users`: per key, per network (an IPv6 /48), and in all. */
  listBurstBytes: 1024 * 1024,
  listBytesPerSecond: 256 * 1024,
  networkListsBurstBytes: 4 * 1024 * 1024,
  networkListsBytesPerSecond: 1024 * 1024,
  allListsBurstBytes: 8 * 1024 * 1024,
  allListsBytesPerSecond: 4 * 1024 * 1024,

  /** Bytes of one frame from a client that has not joined. A full `join` takes about one thousand. */
  strangerBytes: 8 * 1024,

  /** Frames from a client that has not joined: a few names may be refused. */
  strangerBurst: 20,
  strangerFramesPerSecond: 5,

  /** Milliseconds after which a client may retry `join` while an earlier one has no answer yet. */
  strangerRetryMs: 1_000,

  /** Frames that are read in one turn of the server's event loop, from whomever: some milliseconds. A longer one counts for one
   * more with each `frameUnitBytes`. */
  framesPerTurn: 64,
  frameUnitBytes: 8 * 1024,

  /** Joins whose signature is checked in one turn of the server's event loop: some milliseconds. */
  proofsPerTurn: 4,

  /** Wrong signatures per address (an IPv6 /64), before connections that sent one have to wait. A /48 gets four times as
   * many. */
  wrongProofBurst: 50,
  wrongProofsPerSecond: 2,

  /** Errors after which a connection is closed. One is forgiven each second. Enough to develop a client by trial, too
   * few to answer noise. */
  errors: 100,

  /** Connections per address (an IPv6 /64 counts as one): a school behind one NAT fits, and one machine cannot take
   * every place. Option `--clients-per-address`. */
  clientsPerAddress: 4096,

  /** Connections in all: bounds the directory, the user list's frame and the file descriptors. */
  clients: 16_384,

  /** Milliseconds from the TCP connection to the HTTP upgrade, from there to the join, and from there until the client
   * has taken its welcome. A slow satellite link makes it; an idle socket is closed. */
  handshakeMs: 10_000,

  /** Milliseconds between the server's pings to one client. Ten thousand clients make each second count. An answer still
   * has 9.5 s to arrive, with TCP resends: as long as on a link between peers. */
  heartbeatMs: 19_000,

  /** Milliseconds of silence after which both ends consider a connection to the server dead. */
  silenceMs: 28_500,

  /** Milliseconds between checks for silent clients: others see a vanished client leave within 30 s. */
  silenceStepMs: 1_000,

  /** The same for links between peers, where each end pings, and for each end of a tunnel. There are few of them. */
  linkHeartbeatMs: 9_500,
  linkSilenceMs: 19_500,

  /** Bytes queued for one client, beyond which it is dropped. Option `--max-backlog`. */
  backlogBytes: 1024 * 1024,

  /** Bytes of welcomes and user lists that all clients together may leave unread: some hundred of the largest, on lines
   * that are slower than the server. */
  unreadBytes: 64 * 1024 * 1024,

  /** Bytes of messages that are not complete, or wait to be read, of all clients together. The first 4 KiB of each are not counted:
   * a crowd with short messages passes. */
  heldBytes: 64 * 1024 * 1024,

  /** Lobby messages kept for clients that reconnect. The oldest are dropped first. */
  historyMessages: 512,

  /** Edits, retractions and reactions kept beside them: some for each message. */
  historyChanges: 1536,

  /** Lobby messages that a newcomer gets. Option `--history`. */
  newcomerMessages: 200,

  /** Bytes of encoded frames in this history. The oldest are dropped first. */
  historyBytes: 768 * 1024,

  /** Lobby messages whose authors the server remembers, so that they can be answered and changed: as many as a window
   * holds of one session. */
  authors: 10_000,

  /** Milliseconds from an invitation to its answer: a person may have to be asked. */
  introductionMs: 60_000,

  /** Milliseconds from an introduction to the first connection, and the lifetime of a relay ticket. */
  connectMs: 60_000,

  /** Open invitations per client: one person forks a handful. Below `forkBurst`. */
  pendingForks: 8,

  /** The same of one address (an IPv6 /64), where everyone of a crowd may have one open, and in all: each costs about a kilobyte. */
  openForksPerAddress: 2048,
  openForks: 8192,

  /** Forks at once after a pause, and a second for long, of one key: more than anyone opens by hand. */
  forkBurst: 10,
  forksPerSecond: 1 / 6,

  /** Burst of invitations that a window accepts; then as many as one key may send. A class of 30 people may all ask
   * their teacher. */
  inviteBurst: 32,

  /** Joins of one key: a bad connection drops often, a person joins rarely. */
  joinBurst: 30,
  joinsPerSecond: 2,

  /** Requests to meet again (`reach`) of one key. */
  reachBurst: 64,
  reachesPerSecond: 2,

  /** `reach` and `fork` from one key to another. */
  approachBurst: 40,
  approachesPerSecond: 1,

  /** Bytes of `reach` and `fork` to one key, per network (an IPv6 /48): a class of 30 people whose teacher reconnects. */
  approachBurstBytes: 64 * 1024,
  approachBytesPerSecond: 8 * 1024,

  /** The same from all networks: 64 sessions at once, with full cards. */
  allApproachesBurstBytes: 256 * 1024,
  allApproachesBytesPerSecond: 32 * 1024,

  /** Unread bytes above which a client gets no `reach` or `fork`. */
  approachBacklogBytes: 128 * 1024,

  /** Milliseconds for which a name stays bound to the key of someone who is away: a lunch, a flight, a night. */
  heldNameMs: 24 * 3_600_000,

  /** IDs of lobby messages that the server recognizes: in all, and per key, as many as may wait there for their number. */
  saidIds: 32_768,
  saidIdsPerKey: 1024,

  /** Names kept for people who are away. Beyond it, see the server's `Shares`. */
  heldNames: 16_384,

  /** The same per key: a person has a handful of names. */
  heldNamesPerKey: 16,

  /** Bytes of one binary frame through the relay. */
  relayFrameBytes: 32 * 1024,

  /** Minimum bytes charged for a relayed frame, ping or pong, because each costs the server work. */
  leastRelayFrameBytes: 512,

  /** Bytes per second through one tunnel, each way: a fast typist needs some hundred, a pasted file a moment. */
  relayBytesPerSecond: 1024 * 1024,

  /** The same for all tunnels of one key, of one address, and in all. */
  relayBytesPerSecondOfKey: 4 * 1024 * 1024,
  relayBytesPerSecondOfAddress: 16 * 1024 * 1024,
  relayBytesPerSecondInAll: 64 * 1024 * 1024,

  /** Bytes that wait in all tunnels together, for their rate or their reader. The first 4 KiB of each end are not counted. */
  relayHeldBytes: 128 * 1024 * 1024,

  /** Tunnels at once: per key, and in all. */
  relayTunnelsPerKey: 64,
  relayTunnels: 4096,

  /** Pairs of unused relay tickets: per key, as many as it may request during their lifetime, and in all. */
  ticketPairsPerKey: 128,
  ticketPairs: 8192,

  ...windowLimits,
} as const;

// The limits of one window: what it dials, takes from peers and from the server, and holds in memory. Part of `limits`.

export const windowLimits = {
  /** Addresses in a card: every interface of a well-connected laptop. */
  addresses: 16,

  /** Bytes that a peer may send before its TLS handshake is done: at first (a ClientHello, with a post-quantum key share as
   * well), and in each later flight (one certificate over a P-256 key; ours make 800 bytes at most). What a flight holds is
   * verified before anyone can look at it, and of larger ones that takes long. */
  peerHelloBytes: 2_048,
  peerFlightBytes: 1_024,

  /** New addresses of one peer that a window dials, at once and a second for long: three full cards, for a laptop whose windows
   * come one after another, then some each time that the peer moves. */
  placesPerPeer: 48,
  placesPerPeerPerSecond: 1 / 60,

  /** The same of all peers of a window: some addresses of each session after a reload. */
  places: 256,
  placesPerSecond: 1 / 5,

  /** Addresses of one peer that do not count as new again. */
  placesRemembered: 64,

  /** Dials of addresses that never led to their peer, of a window, at once and a second for long: fifty peers who are away are
   * each looked for at each address every half a minute. */
  unprovenDials: 256,
  unprovenDialsPerSecond: 8,

  /** Dials of the relay, of a window, at once and a second for long: all sessions at once, twice. */
  relayDials: 128,
  relayDialsPerSecond: 2,

  /** Connections that a peer listener handles at once before their key is known to be an expected one. */
  pendingPeers: 64,

  /** The same of one address (an IPv6 /64 counts as one), so that a stranger cannot take all places. */
  pendingPeersPerAddress: 16,

  /** Pieces of handshakes that a window reads before a key is proven, a second for long, and at once: fifty peers who come back
   * together need some three each, and a hundred a second cost a tenth of its time. */
  strangerPiecesPerSecond: 100,
  strangerPieceBurst: 200,

  /** Links that a peer listener holds of one key: a session's, its half-open predecessors, and a fork that crosses. */
  linksPerPeer: 8,

  /** Frames a second that a peer may send for long, fragments, pings and pongs included; above it reading pauses, and nothing
   * is lost. */
  peerFramesPerSecond: 400,

  /** Bytes that are read from a peer, for long; a whole row of unconfirmed ones may come at once. */
  peerBytesPerSecond: 1024 * 1024,
  peerBurstBytes: 8 * 1024 * 1024,

  /** What a frame of a peer that makes a line, changes what is shown, or is written to the disk, counts for among the others: ten a second. */
  peerChangeFrames: 40,

  /** Frames and bytes that a client reads from the server for long, and at once: more than an honest server sends. */
  serverFramesPerSecond: 2_000,
  serverBurstFrames: 16_384,
  serverBytesPerSecond: 1024 * 1024,
  serverBurstBytes: 8 * 1024 * 1024,

  /** Peer sessions of one client: each costs a socket, a heartbeat and a conversation in memory. */
  sessions: 64,

  /** Messages to a peer that it has not acknowledged; when full, sending is refused and the draft stays. */
  unackedMessages: 1024,

  /** Bytes of UTF-8 of those messages. */
  unackedBytes: 4 * 1024 * 1024,

  /** Sessions that were left while their peer was away, which are still told so when they call. */
  farewells: 64,

  /** People whose key is remembered, for each server; those met longest ago are forgotten first. */
  knownPeers: 1024,

  /** Messages of one session held in memory; the oldest are forgotten first. */
  transcriptEntries: 10_000,

  /** Characters of one session's messages held in memory, so that long ones do not add up: ten thousand of
   * ordinary length fit several times over. */
  transcriptCharacters: 4 * 1024 * 1024,
} as const;

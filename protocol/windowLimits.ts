// The limits of one window: what it dials, accepts from peers and the server, and holds in memory. Part of `limits`.

export const windowLimits = {
  /** Addresses in a card: all interfaces of a well-connected laptop. */
  addresses: 16,

  /**
   * Bytes that a peer may send before its TLS handshake is done: at first (a ClientHello, also with a post-quantum key
   * share), and in each later flight (one certificate with a P-256 key; ours have at most 800 bytes). TLS verifies a
   * flight before the key can be checked, and large ones take long.
   */
  peerHelloBytes: 2_048,
  peerFlightBytes: 1_024,

  /**
   * New addresses of one peer that a window dials: three full cards, for a laptop whose windows start one after
   * another, then some each time the peer moves.
   */
  placesPerPeer: 48,
  placesPerPeerPerSecond: 1 / 60,

  /** The same for all peers of a window: some addresses of each session after a reload. */
  places: 256,
  placesPerSecond: 1 / 5,

  /** Addresses of one peer that are remembered and do not count as new again. */
  placesRemembered: 64,

  /**
   * Dials of addresses that never led to their peer, per window: fifty absent peers are each dialed at each address
   * every half minute.
   */
  unprovenDials: 256,
  unprovenDialsPerSecond: 8,

  /** Dials of the relay, per window: all sessions at once, twice. */
  relayDials: 128,
  relayDialsPerSecond: 2,

  /**
   * The same for one peer, which can ask for them: a lost session and a lost bulk link are each dialed ever more rarely,
   * down to once in half a minute.
   */
  relayDialsPerPeer: 32,
  relayDialsPerPeerPerSecond: 1 / 5,

  /** Connections that a peer listener handles at once before their key is proven. */
  pendingPeers: 64,

  /** The same per address (an IPv6 /64 counts as one), so that one stranger cannot take all places. */
  pendingPeersPerAddress: 16,

  /** Pieces of handshakes that a window reads before a key is proven, a second for long, and at once: fifty peers who come back
   * together need some three each, and a hundred a second cost a tenth of its time. */
  strangerPiecesPerSecond: 100,
  strangerPieceBurst: 200,

  /** Links that a peer listener holds of one key: a session's, its half-open predecessors, and a fork that crosses. */
  linksPerPeer: 8,

  /** Bulk links that one key may open: each replaces the one before, and costs a handshake. */
  bulkLinkBurst: 16,
  bulkLinksPerSecond: 1,

  /**
   * Sustained frames per second from a peer, including fragments, pings and pongs. Above it reading pauses, and nothing
   * is lost.
   */
  peerFramesPerSecond: 400,

  /** Bytes read from a peer. The burst covers all its unacknowledged messages at once. */
  peerBytesPerSecond: 1024 * 1024,
  peerBurstBytes: 8 * 1024 * 1024,

  /** A peer's frame that adds a line, changes what is shown, or reads or writes a file counts as this many others: ten a second. */
  peerChangeFrames: 40,

  /** Requests for where a user is, from one key: more than anyone makes by hand. The rest are not answered. */
  whereBurst: 6,
  wheresPerSecond: 1 / 10,

  /** Milliseconds in which such a request can be answered: a person may have to be asked. */
  whereMs: 60_000,

  /** Frames and bytes that a client reads from the server: more than an honest server sends. */
  serverFramesPerSecond: 2_000,
  serverBurstFrames: 16_384,
  serverBytesPerSecond: 1024 * 1024,
  serverBurstBytes: 8 * 1024 * 1024,

  /** Peer sessions of one client: each costs a socket, a heartbeat and a conversation in memory. */
  sessions: 64,

  /** Unacknowledged messages to a peer. Beyond it, sending is refused and the draft stays. */
  unackedMessages: 1024,

  /** UTF-8 bytes of those messages. */
  unackedBytes: 4 * 1024 * 1024,

  /** Sessions left while the peer was away. The peer is notified when it reconnects. */
  farewells: 64,

  /** Known keys per server. Those met longest ago are forgotten first. */
  knownPeers: 1024,

  /** Messages of one session held in memory. The oldest are forgotten first. */
  transcriptEntries: 10_000,

  /**
   * Characters of one session's messages held in memory, to bound long ones: ten thousand of ordinary length fit
   * several times over.
   */
  transcriptCharacters: 4 * 1024 * 1024,
} as const;

// Frames of the version before messages had parts, recorded from its server and its window.

/** What its server says to a client that joins as anna, and about a message whose `say` had a part. */
export const serverBefore = {
  challenge:
    '{"type":"challenge","v":2,"nonce":"B1XfvY18gxbNyxdz1FFcYg","epoch":"wV2Rlb0UOIEzGrFb5FG-Tw","reach":"loopback","relay":true,"token":false,"limits":{"frameBytes":102400,"textBytes":16384,"framesPerSecond":50},"at":1795934205492}',
  joined:
    '{"type":"joined","name":"anna","resume":"GThyibMPmardolGaM6I7j00000000000000000000001NPaFLHt-L0Rqk1jM1z0wiw","epoch":"wV2Rlb0UOIEzGrFb5FG-Tw","seq":0,"missed":0,"gap":false,"you":{"address":"127.0.0.1"},"users":[{"name":"anna"}]}',
  said: '{"type":"said","seq":1,"at":1795934205539,"from":"anna","pin":"rxvGp13TsdbBdP9QJjUzym2yrn5kFJnMWBt_d4tCEFk","id":"w.1","text":"line 2"}',
} as const;

/** What its window says to the server and to a peer. */
export const windowBefore = {
  say: '{"type":"say","id":"w.1","text":"line 2"}',
  hello:
    '{"type":"hello","v":2,"sid":"session-bobby","n":1,"boot":"uuuuuuuuuuuuuuuuuuuuuu","knows":null,"received":0,"sent":0}',
  message: '{"type":"message","seq":1,"at":1700000000000,"text":"hello"}',
} as const;

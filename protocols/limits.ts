/** Every maximum of Outpost. A length, count or age that comes from outside is compared with a number of this file before anything is
 *  allocated for it. Units stand last in the name. */
export const limits = {
  // change (change/SPEC.md)
  changeBytesMax: 256 * 1024,
  changeFieldsMax: 128,
  pushChangesMax: 200,
  pushBytesMax: 8 * 1024 * 1024,
  gapChangesMax: 1000,
  clockAheadMsMax: 5 * 60 * 1000,
  cborDepthMax: 16,
  cborBytesMax: 8 * 1024 * 1024,
  cborItemsMax: 1_000_000,
  // fields
  textCharsMax: 10_000,
  rowsMax: 500,
  historyLinesMax: 500,
  // sync
  pullRowsMax: 1000,
  pullBytesMax: 4 * 1024 * 1024,
  liveSocketsMax: 500,
  liveFrameBytesMax: 64 * 1024,
  liveBacklogBytesMax: 1024 * 1024,
  // sealed page store of a device (client/shared/data/page-store)
  pageDocumentsMax: 100,
  pagePlainBytesMax: 56 * 1024,
  pageRewriteMax: 64,
  pageSmallMax: 32,
  // attachments
  fileBytesMax: 32 * 1024 * 1024,
  photoEdgePixelsMax: 1600,
  // http
  httpBodyBytesMax: 1024 * 1024,
  // mqtt
  mqttConnectBytesMax: 4 * 1024,
  mqttPacketBytesMax: 64 * 1024,
  mqttTopicLevelsMax: 8,
  mqttConnectionsMax: 256,
  mqttPendingConnectionsMax: 64,
  mqttInboxQueueMax: 20_000,
  mqttDeviceQueueMax: 100,
  // devices (docs/reader-bridge.md)
  deviceSwipeBytesMax: 4 * 1024,
  deviceReportBytesMax: 1024,
  deviceSeqWindowMax: 256,
  snapshotBytesMax: 8 * 1024 * 1024,
  // lane (lane/SPEC.md)
  bundleFileBytesMax: 128 * 1024 * 1024,
  bundlePlainBytesMax: 256 * 1024 * 1024,
  bundleEntriesMax: 65_536,
  bundleEntryBytesMax: 1024 * 1024 + 4096,
  bundleRatioMax: 100,
  bundleLifetimeMsMax: 90 * 24 * 3600 * 1000,
  bundleCloseBytes: 1024 * 1024,
  bundleCborItemsMax: 4_000_000,
  bundleExpiryGraceMs: 2 * 24 * 3600 * 1000,
  bundleWithheldRowsMax: 65_536,
  policyBytesMax: 256 * 1024,
  checkpointProofHashesMax: 64,
  laneDirectoryFilesMax: 100_000,
} as const

/** What the device side asks of the station's register of devices. The register itself is a table of the gateway's store; it is handed in. */
import type { DeviceKind } from '#protocols/device/kinds.ts'

export interface RegisteredDevice {
  /** 32 lowercase hex characters, the id of its record and its MQTT client id. */
  readonly deviceId: string
  readonly kind: DeviceKind
  /** False once a person disabled it: nothing it says is taken. */
  readonly isEnabled: boolean
}

export interface DeviceRegister {
  find(deviceId: string): RegisteredDevice | undefined
  all(): readonly RegisteredDevice[]
}

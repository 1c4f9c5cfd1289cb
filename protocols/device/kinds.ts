/** The kinds of device that speak MQTT. Cameras do not: the gateway fetches from them over HTTP. */
import { deviceIdPattern } from './parts.ts'

export const deviceKinds = ['reader', 'kiosk', 'printer'] as const
export type DeviceKind = (typeof deviceKinds)[number]

/** Client id of the gateway's own inbox; never a device id, those are hex. */
export const gatewayClientId = 'gateway'

/** Who stands behind a connection. */
export type Principal = { readonly kind: 'gateway' } | { readonly kind: DeviceKind; readonly deviceId: string }

export const isDeviceId = (text: string): boolean => deviceIdPattern.test(text)

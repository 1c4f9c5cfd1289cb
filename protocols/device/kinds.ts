/** The kinds of device that speak MQTT. Cameras do not: the gateway fetches from them over HTTP. */
import { deviceIdPattern } from './parts.ts'

export const deviceKinds = ['reader', 'kiosk', 'printer'] as const
export type DeviceKind = (typeof deviceKinds)[number]

/** Client id of the gateway's own inbox, and its user name on both of its connections; never a device id, those are hex. */
export const gatewayClientId = 'gateway'
/** Client id of the connection on which the gateway answers. The inbox reads nothing, acknowledgements included, while a message is being committed;
 *  an answer on the same connection would wait for itself. */
export const gatewaySenderId = 'gateway-out'

/** Who stands behind a connection. */
export type Principal = { readonly kind: 'gateway' } | { readonly kind: DeviceKind; readonly deviceId: string }

export const isDeviceId = (text: string): boolean => deviceIdPattern.test(text)

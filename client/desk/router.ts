/** Places of the desk. They stand in the fragment: ids of records never reach a server's log. */
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import DevicesScreen from './screens/devices-screen.vue'
import MusterScreen from './screens/muster-screen.vue'
import RefusedScreen from './screens/refused-screen.vue'
import VisitsScreen from './screens/visits-screen.vue'

export const createDeskRouter = (): Router =>
  createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'visits', component: VisitsScreen },
      { path: '/muster', name: 'muster', component: MusterScreen },
      {
        path: '/devices',
        name: 'devices',
        component: DevicesScreen,
        props: (to) => ({ ticket: to.query['ticket'] === '1' }),
      },
      { path: '/refused', name: 'refused', component: RefusedScreen },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  })

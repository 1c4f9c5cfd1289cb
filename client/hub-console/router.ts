/** Places of the console. They stand in the fragment: ids of records never reach a server's log. */
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import QuarantineScreen from './screens/quarantine-screen.vue'
import StationsScreen from './screens/stations-screen.vue'
import VisitsScreen from './screens/visits-screen.vue'

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

export const createConsoleRouter = (): Router =>
  createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'visits', component: VisitsScreen, props: (to) => ({ station: text(to.query['station']) }) },
      { path: '/stations', name: 'stations', component: StationsScreen },
      {
        path: '/quarantine',
        name: 'quarantine',
        component: QuarantineScreen,
        props: (to) => ({ station: text(to.query['station']) }),
      },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  })

/** Where Prometheus, Alertmanager and Grafana are, and all that they read. */
export const MONITORING_NAMESPACE = "monitoring";

/** `GET /api/v1/app/ws/status`. */
export class SocketStatusDto {
  status: 'running';
  /** Sockets of this process. */
  local_connections: number;
  /** People behind them. */
  local_users: number;
  /** People connected to any process. */
  total_online_users: number;
  /** Up to a hundred of them; empty for those who may not see who is connected. */
  online_user_ids: string[];
}

package org.raygateway.store;

import java.sql.SQLException;

/** Something to do on a connection. As a change it may run a second time after a rollback, so it must act on the database only. */
@FunctionalInterface
interface SqliteWork<T> {
    T run(SqliteStatements sql) throws SQLException;
}

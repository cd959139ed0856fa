package org.raygateway.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection's prepared statements, each compiled once. The number of different texts is small and fixed by the code. */
final class SqliteStatements implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStatements.class);

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    SqliteStatements(Connection connection) {
        this.connection = connection;
    }

    PreparedStatement get(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    int update(String sql) throws SQLException {
        return get(sql).executeUpdate();
    }

    /** To be called after a failure: the driver may have closed the statement that failed. */
    void forget() {
        for (PreparedStatement statement : prepared.values()) {
            try {
                statement.close();
            } catch (SQLException alreadyUseless) {
                LOG.debug("A statement could not be closed", alreadyUseless);
            }
        }
        prepared.clear();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

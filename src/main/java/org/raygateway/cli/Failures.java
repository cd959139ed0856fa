package org.raygateway.cli;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into lines on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler {
    private final Console console;

    Failures(Console console) {
        this.console = console;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof RefusedException refused) {
            refused.lines().forEach(console.err()::println);
            return refused.status() >= 500 ? ExitCode.UNAVAILABLE : ExitCode.REFUSED;
        }
        if (failure instanceof UnreachableException) {
            console.err().println(failure.getMessage());
            return ExitCode.UNAVAILABLE;
        }
        if (failure instanceof InterruptedException) {
            console.err().println("interrupted");
            return ExitCode.FAILED;
        }
        console.err().println(describe(failure));
        return ExitCode.FAILED;
    }

    /** The whole chain in one line: the cause is often the part that helps ("Address already in use"). */
    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(message(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (text.indexOf(message(cause)) < 0) {
                text.append(": ").append(message(cause));
            }
        }
        return text.toString();
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}

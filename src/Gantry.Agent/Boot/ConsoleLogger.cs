using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Boot;

/// <summary>The standalone program's log: one line a message on stderr, time, level, text, and an exception's name and message.</summary>
internal sealed class ConsoleLogger(TextWriter output, LogLevel least, TimeProvider time) : ILoggerFactory, ILogger
{
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var text = formatter(state, exception).ReplaceLineEndings(" ");
        var cause = exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")})";
        lock (_lock)
        {
            output.WriteLine($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {Word(logLevel)} {text}{cause}");
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        _ => "error",
    };
}

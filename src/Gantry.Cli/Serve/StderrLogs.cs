using Gantry.Cli.Terminals;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

/// <summary>The log of the serving verbs: one line a message on stderr. An exception's trace follows only where it is ours to fix.</summary>
internal sealed class StderrLogs(Terminal terminal, TimeProvider time, LogLevel least) : ILoggerProvider
{
    private readonly Lock _lock = new();

    /// <summary>Gantry's messages from <paramref name="least"/> on, the framework's from Warning on unless everything is wanted.</summary>
    public void AddTo(ILoggingBuilder logging)
    {
        var framework = least is LogLevel.Trace or LogLevel.Debug || least > LogLevel.Warning ? least : LogLevel.Warning;
        logging.SetMinimumLevel(least).AddFilter("Microsoft", framework).AddFilter("System", framework).AddProvider(this);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    /// <summary>A server that cannot start throws too; the verb says it in one line, so its log would only repeat it with a trace.</summary>
    private static bool IsStartFailure(string category, LogLevel level, EventId id) =>
        (category == "Microsoft.AspNetCore.Server.Kestrel" && level == LogLevel.Critical)
        || (category == "Microsoft.Extensions.Hosting.Internal.Host" && id.Name == "HostedServiceStartupFaulted");

    private void Write(LogLevel level, string category, string text, Exception? exception)
    {
        var cause = exception switch
        {
            null => "",
            _ when level >= LogLevel.Error => Environment.NewLine + exception,
            _ => $" ({exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")})",
        };
        var word = level switch
        {
            LogLevel.Trace or LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            _ => terminal.ErrorPaint.Red("error"),
        };
        lock (_lock)
        {
            terminal.Note($"{time.GetLocalNow():HH:mm:ss} {word} {category[(category.LastIndexOf('.') + 1)..]}: {text.ReplaceLineEndings(" ")}{cause}");
        }
    }

    private sealed class Logger(StderrLogs owner, string category) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsStartFailure(category, logLevel, eventId))
            {
                owner.Write(logLevel, category, formatter(state, exception), exception);
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}

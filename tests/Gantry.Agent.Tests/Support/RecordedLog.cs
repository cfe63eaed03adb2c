using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Tests.Support;

internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(string Event, LogLevel Level, string Text)> Entries { get; } = new();

    public int Count(string name) => Entries.Count(entry => entry.Event == name);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((eventId.Name ?? "", logLevel, formatter(state, exception)));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}

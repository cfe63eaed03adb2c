using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gantry.Testing;

/// <summary>
/// Collects what the servers under test log. Disposing it fails on every Error that the test did not announce, so that no test passes over one.
/// </summary>
public sealed class TestLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly HashSet<string> _announced = [];

    public IEnumerable<Entry> Entries => _entries;

    public void AddTo(ILoggingBuilder builder) => builder.AddProvider(this).SetMinimumLevel(LogLevel.Debug);

    /// <summary>Errors with this event name are part of the test.</summary>
    public void Expect(string eventName) => _announced.Add(eventName);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        var unexpected = _entries.Where(entry => entry.Level >= LogLevel.Error && !_announced.Contains(entry.Event)).ToList();
        if (unexpected.Count > 0)
        {
            throw new InvalidOperationException($"logged {unexpected.Count} errors that no test announced; first: {unexpected[0]}");
        }
    }

    public sealed record Entry(LogLevel Level, string Category, string Event, string Message, Exception? Exception);

    private sealed class Logger(TestLogs owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._entries.Enqueue(new Entry(logLevel, category, eventId.Name ?? "", formatter(state, exception), exception));
    }
}

using System.Text;
using Gantry.Estate.Instrumentation.Injector;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Apply;

/// <summary>
/// The files of a host that the agent has in its hands, as a set: told the whole set that is wanted, it writes what is new or other, and gives back what is no
/// longer wanted as it was found: content, mode, owner, or absence, and folders that it made.
/// <list type="number">
/// <item>Take the lock; undo what a cut-off change left.</item>
/// <item>Look: every path allowed, no link on the way, nobody else changed what we wrote. Nothing was touched until here.</item>
/// <item>Keep what is there now, and what is to be, by its hash; write the journal. From here on a cut is undone at the next start.</item>
/// <item>Make folders, write each file beside its place, then rename one after the other.</item>
/// <item>Write the manifest: from here on it is done. Remove the journal, then what is needed no longer.</item>
/// </list>
/// The line in ld.so.preload makes every new process load the injector: it is written last, when all that narrows its choice is there, and taken away first.
/// </summary>
/// <param name="root">Top of the host's files, "/" but for tests and containers.</param>
/// <param name="state">Folder of the agent's notes.</param>
/// <param name="step">Called between any two steps that change a disk, with what was done; tests end the process there.</param>
internal sealed class HostFiles(string root, string state, ILogger logger, Action<string>? step = null)
{
    private readonly HostTree _tree = new(root);
    private readonly Action<string> _step = step ?? (static _ => { });

    public string Root => _tree.Root;

    /// <param name="wanted">Every file; empty gives all back.</param>
    /// <param name="preload">A library that ld.so.preload is to have a line for; "" for no line of ours.</param>
    /// <param name="takeOut">A library whose line is to be taken out of ld.so.preload, whoever put it there: the last resort.</param>
    /// <returns>Whether anything was changed.</returns>
    /// <exception cref="ApplyException">It cannot be done; all is as it was.</exception>
    public bool Set(IReadOnlyList<HostFile> wanted, string preload = "", string takeOut = "")
    {
        using var store = new ApplyStore(state, _step);
        Recover(store);
        var manifest = store.Manifest;
        var entries = Plan(store, manifest, wanted, preload, takeOut);
        var kept = entries.Where(entry => entry.After != entry.Original).Select(entry => entry with { Before = entry.After }).ToList();
        if (entries.TrueForAll(entry => entry.Before == entry.After) && kept.Select(entry => entry.Path).ToHashSet().SetEquals(manifest.Entries.Select(entry => entry.Path)))
        {
            return false;
        }

        var folders = manifest.Folders.Concat(entries.Where(entry => entry.After.Length > 0).SelectMany(entry => _tree.MissingFolders(entry.Path))).Distinct().ToList();
        var journal = new Journal(manifest.Number + 1, entries, folders);
        store.SaveJournal(journal);
        try
        {
            Carry(store, journal);
        }
        catch (Exception e) when (e is ApplyException or IOException or UnauthorizedAccessException)
        {
            Undo(store, journal, manifest);
            store.RemoveJournal();
            throw new ApplyException(e.Message);
        }

        var done = new Journal(journal.Number, kept, [.. folders.Where(folder => kept.Exists(entry => entry.Path.StartsWith(folder + "/", StringComparison.Ordinal)))]);
        store.SaveManifest(done);
        store.RemoveJournal();
        store.RemoveUnused(done);
        Log.Applied(logger, entries.Count(entry => entry.After != entry.Before && entry.After != entry.Original), entries.Count(entry => entry.After != entry.Before && entry.After == entry.Original));
        return true;
    }

    /// <summary>Undoes a change that was cut off. Called at the agent's start.</summary>
    public void Recover()
    {
        using var store = new ApplyStore(state, _step);
        Recover(store);
    }

    /// <summary>What the agent has in its hands, for a person: path, and whether it was there before.</summary>
    public IReadOnlyList<(string Path, bool Existed)> Held()
    {
        using var store = new ApplyStore(state, _step);
        return [.. store.Manifest.Entries.Select(entry => (entry.Path, entry.Original.Length > 0))];
    }

    /// <summary>The last resort was taken, and no rollback came since: the line is out, and stays out.</summary>
    public bool IsTakenOut(string library)
    {
        using var store = new ApplyStore(state, _step);
        return store.Manifest.Entries.FirstOrDefault(entry => entry.Path == InjectorPaths.Preload) is { } entry
            && !HasLine(Text(store.State(entry.After)), library) && HasLine(Text(store.State(entry.Original)), library);
    }

    public bool IsPreloaded(string library) => HasLine(Text(_tree.Read(InjectorPaths.Preload)), library);

    /// <summary>A file that the agent has in its hands, as it is now; null where it has none there.</summary>
    public HostFile? Current(string path) =>
        Held().Any(held => held.Path == path) && _tree.Read(path) is { } file ? new HostFile(path, Encoding.UTF8.GetString(file.Content), file.Mode) : null;

    /// <summary>A file as it is now.</summary>
    public string? Read(string path) => _tree.Read(path) is { } file ? Encoding.UTF8.GetString(file.Content) : null;

    private List<JournalEntry> Plan(ApplyStore store, Journal manifest, IReadOnlyList<HostFile> wanted, string preload, string takeOut)
    {
        var held = manifest.Entries.ToDictionary(entry => entry.Path);
        var files = wanted.ToDictionary(file => file.Path);
        var entries = new List<JournalEntry>();
        foreach (var path in files.Keys.Concat(held.Keys).Where(path => path != InjectorPaths.Preload).Distinct().Order(StringComparer.Ordinal))
        {
            HostTree.CheckAllowed(path);
            var now = _tree.Read(path);
            held.TryGetValue(path, out var own);
            if (own is not null && now is not null && now.Hash != own.After && now.Hash != own.Original)
            {
                throw new ApplyException($"{path} was changed by somebody else since the agent wrote it; move it away and keep what you need of it, then the agent goes on");
            }

            var original = own is null ? now : store.State(own.Original);
            var after = files.TryGetValue(path, out var file) ? New(file, now) : original;
            entries.Add(Entry(store, path, original, now, after));
        }

        if (Preload(store, held.GetValueOrDefault(InjectorPaths.Preload), preload, takeOut) is { } line)
        {
            // Written last; taken away first.
            entries.Insert(preload.Length > 0 ? entries.Count : 0, line);
        }

        return entries;
    }

    /// <summary>Others have lines there too: ours is added behind them, and taken out alone when they have changed since.</summary>
    private JournalEntry? Preload(ApplyStore store, JournalEntry? own, string library, string takeOut)
    {
        var now = _tree.Read(InjectorPaths.Preload);
        var (original, text) = (now, Text(now));
        if (own is not null)
        {
            original = store.State(own.Original);
            var mine = Added(original, store.State(own.After));
            if (library.Length > 0 && mine.Length > 0 && !HasLine(text, mine))
            {
                throw new ApplyException($"{InjectorPaths.Preload} had a line of the agent's that somebody took out; the agent does not put it back. 'gantry-agent rollback' gives back the rest");
            }

            if (FileState.HashOf(now) != own.After && now is not null)
            {
                // The others' lines are the original now.
                original = now with { Content = Encoding.Latin1.GetBytes(Without(text, mine)) };
            }

            text = Text(original);
        }

        var after = original;
        if (takeOut.Length > 0 && HasLine(text, takeOut))
        {
            after = original! with { Content = Encoding.Latin1.GetBytes(Without(text, takeOut)) };
        }
        else if (library.Length > 0 && !HasLine(text, library))
        {
            var ended = text.Length == 0 || text[^1] == '\n' ? text : text + "\n";
            after = New(new HostFile(InjectorPaths.Preload, ended + library + "\n"), original);
        }

        return own is null && after == now ? null : Entry(store, InjectorPaths.Preload, original, now, after);
    }

    /// <summary>The loader takes blanks, colons and line ends between libraries (ld.so(8)).</summary>
    private static bool HasLine(string text, string library) => text.Split([' ', '\t', '\n', ':']).Contains(library);

    private static string Without(string text, string library) =>
        library.Length == 0 ? text : string.Join('\n', text.Split('\n').Where(line => line.Trim() != library));

    private static string Text(FileState? state) => state is null ? "" : Encoding.Latin1.GetString(state.Content);

    private static string Added(FileState? original, FileState? after)
    {
        var before = Text(original).Split('\n');
        return Text(after).Split('\n').FirstOrDefault(line => line.Length > 0 && !before.Contains(line)) ?? "";
    }

    /// <summary>A file that exists keeps its owner; a new one is the agent's.</summary>
    private static FileState New(HostFile file, FileState? now) => now is null
        ? new FileState(Encoding.UTF8.GetBytes(file.Content), file.Mode, UserIds.User, UserIds.Group)
        : now with { Content = file.Path == InjectorPaths.Preload ? Encoding.Latin1.GetBytes(file.Content) : Encoding.UTF8.GetBytes(file.Content), Mode = file.Path == InjectorPaths.Preload ? now.Mode : file.Mode };

    private static JournalEntry Entry(ApplyStore store, string path, FileState? original, FileState? now, FileState? after)
    {
        store.SaveState(original);
        store.SaveState(now);
        store.SaveState(after);
        return new JournalEntry(path, FileState.HashOf(original), FileState.HashOf(now), FileState.HashOf(after));
    }

    private void Carry(ApplyStore store, Journal journal)
    {
        foreach (var folder in journal.Folders)
        {
            _tree.MakeFolder(folder);
            _step($"{folder} made");
        }

        foreach (var entry in journal.Entries.Where(entry => entry.Before != entry.After && entry.After.Length > 0))
        {
            _tree.Stage(entry.Path, store.State(entry.After)!);
            _step($"{entry.Path} staged");
        }

        foreach (var entry in journal.Entries.Where(entry => entry.Before != entry.After))
        {
            if (entry.After.Length > 0)
            {
                _tree.Publish(entry.Path);
            }
            else
            {
                _tree.Remove(entry.Path);
            }

            _step($"{entry.Path} {(entry.After.Length > 0 ? "in place" : "removed")}");
        }

        RemoveFolders(journal, entry => entry.After);
    }

    private void Recover(ApplyStore store)
    {
        if (store.Pending is not { } journal)
        {
            return;
        }

        // The manifest is written when all is done: a cut behind it left no more than the journal.
        var manifest = store.Manifest;
        if (manifest.Number < journal.Number)
        {
            Undo(store, journal, manifest);
            Log.Recovered(logger);
        }

        store.RemoveJournal();
        store.RemoveUnused(manifest);
    }

    /// <summary>Can be cut off and done again: each file is looked at before it is touched.</summary>
    private void Undo(ApplyStore store, Journal journal, Journal manifest)
    {
        foreach (var entry in journal.Entries.Reverse())
        {
            HostTree.CheckAllowed(entry.Path);
            _tree.RemoveStaged(entry.Path);
            if (entry.Before == entry.After || FileState.HashOf(_tree.Read(entry.Path)) != entry.After)
            {
                // As it was, or somebody else's by now.
                continue;
            }

            if (store.State(entry.Before) is { } before)
            {
                foreach (var folder in _tree.MissingFolders(entry.Path))
                {
                    _tree.MakeFolder(folder);
                }

                _tree.Stage(entry.Path, before);
                _step($"{entry.Path} staged again");
                _tree.Publish(entry.Path);
            }
            else
            {
                _tree.Remove(entry.Path);
            }

            _step($"{entry.Path} undone");
        }

        RemoveFolders(journal with { Folders = [.. journal.Folders.Except(manifest.Folders)] }, entry => entry.Before);
    }

    private void RemoveFolders(Journal journal, Func<JournalEntry, string> state)
    {
        foreach (var folder in journal.Folders.Reverse().Where(folder => !journal.Entries.Any(entry => state(entry).Length > 0 && entry.Path.StartsWith(folder + "/", StringComparison.Ordinal))))
        {
            _tree.RemoveFolder(folder);
            _step($"{folder} removed");
        }
    }
}

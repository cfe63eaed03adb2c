using System.Text;
using Gantry.Estate.Instrumentation.Injector;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Apply;

/// <summary>
/// The files of a host that the agent has in its hands, as a set: told the whole set that is wanted, it writes what is new or other, and gives back what is no
/// longer wanted as it was found: content, mode, owner, or absence, and folders that it made.
/// <list type="number">
/// <item>Take the lock; undo what a cut-off change left.</item>
/// <item>Look: every path allowed, no link on the way, nobody else changed what we wrote. A file that is not so is left alone and named; it holds up no other.
/// Nothing was touched until here.</item>
/// <item>Keep what is there now, and what is to be, by its hash; write the journal. From here on a cut is undone at the next start.</item>
/// <item>Make folders, write each file beside its place, then rename one after the other.</item>
/// <item>Write the manifest: from here on it is done. Remove the journal, then what is needed no longer.</item>
/// </list>
/// The line in ld.so.preload makes every new process load the injector: it is written last, when all that narrows its choice is there, and taken away first. Once it
/// was seen and is gone, it is not written again until a rollback; see <see cref="PreloadMarks"/>.
/// </summary>
/// <param name="root">Top of the host's files, "/" but for tests and containers.</param>
/// <param name="state">Folder of the agent's notes.</param>
/// <param name="step">Called between any two steps that change a disk, with what was done; tests end the process there.</param>
internal sealed class HostFiles(string root, string state, ILogger logger, Action<string>? step = null)
{
    private readonly HostTree _tree = new(root);
    private readonly Action<string> _step = step ?? (static _ => { });

    public string Root => _tree.Root;

    /// <param name="wanted">Every file; empty gives all back, but for a line that was taken out.</param>
    /// <param name="preload">A library that ld.so.preload is to have a line for; "" for no line of ours.</param>
    /// <exception cref="ApplyException">It cannot be done; all is as it was.</exception>
    public HostChange Set(IReadOnlyList<HostFile> wanted, string preload = "")
    {
        using var store = new ApplyStore(state, _step);
        var isTakenOut = store.Preload.IsTakenOut;
        if (isTakenOut && IsPlain(InjectorPaths.Preload, out var now, out _) && PreloadText.Has(PreloadText.Of(now), InjectorPaths.Library))
        {
            TakeOut(store, InjectorPaths.Library);
        }

        Recover(store);
        return Set(store, wanted, preload, isTakenOut ? InjectorPaths.Library : "");
    }

    /// <summary>All as it was found, the line that was taken out too, and what was remembered of it is forgotten.</summary>
    /// <exception cref="ApplyException">It cannot be done; all is as it was.</exception>
    public HostChange GiveBack()
    {
        using var store = new ApplyStore(state, _step);
        Recover(store);
        var change = Set(store, [], "", "");
        if (!change.Skipped.ContainsKey(InjectorPaths.Preload))
        {
            store.SavePreload(new PreloadMarks(false, false));
        }

        return change;
    }

    /// <summary>The last resort: takes a library's line out of ld.so.preload, whoever put it there, and nothing else. It stays out until <see cref="GiveBack"/>.</summary>
    /// <exception cref="ApplyException">The file cannot be written.</exception>
    public void TakeOut(string library)
    {
        using var store = new ApplyStore(state, _step);
        TakeOut(store, library);
    }

    /// <summary>Undoes a change that was cut off. Called at the agent's start.</summary>
    public void Recover()
    {
        using var store = new ApplyStore(state, _step);
        Recover(store);
    }

    /// <summary>What the agent has in its hands, for a person: path, whether it was there before, and why it would be left alone ("": it would not).</summary>
    public IReadOnlyList<(string Path, bool Existed, string Problem)> Held()
    {
        using var store = new ApplyStore(state, _step);
        return [.. store.Manifest.Entries.Select(entry => (entry.Path, entry.Original.Length > 0, Problem(entry)))];
    }

    /// <summary>The last resort was taken, and no rollback came since: the line is out, and stays out.</summary>
    public bool IsTakenOut()
    {
        using var store = new ApplyStore(state, _step);
        return store.Preload.IsTakenOut;
    }

    public bool IsPreloaded(string library) => PreloadText.Has(PreloadText.Of(_tree.Read(InjectorPaths.Preload)), library);

    /// <summary>The line is there and is none of ours: it stays when we take back all that is ours. So it is when the file cannot be looked into.</summary>
    public bool IsPreloadedByOthers(string library)
    {
        using var store = new ApplyStore(state, _step);
        var own = store.Manifest.Entries.FirstOrDefault(entry => entry.Path == InjectorPaths.Preload);
        return !IsPlain(InjectorPaths.Preload, out var now, out _)
            || (PreloadText.Has(PreloadText.Of(now), library) && (own is null || PreloadText.Added(store.State(own.Original), store.State(own.After)) != library));
    }

    /// <summary>A file that the agent has in its hands, as it is now; null where it has none there.</summary>
    public HostFile? Current(string path)
    {
        using var store = new ApplyStore(state, _step);
        return store.Manifest.Entries.Any(entry => entry.Path == path) && IsPlain(path, out var file, out _) && file is not null
            ? new HostFile(path, Encoding.UTF8.GetString(file.Content), file.Mode)
            : null;
    }

    /// <summary>A file as it is now; null where no plain one is.</summary>
    public string? Read(string path) => IsPlain(path, out var file, out _) && file is not null ? Encoding.UTF8.GetString(file.Content) : null;

    private HostChange Set(ApplyStore store, IReadOnlyList<HostFile> wanted, string preload, string takeOut)
    {
        var manifest = store.Manifest;
        var skipped = new Dictionary<string, string>();
        var entries = Plan(store, manifest, wanted, preload, takeOut, skipped);
        var (had, has) = (false, false);
        if (IsPlain(InjectorPaths.Preload, out var now, out _))
        {
            had = PreloadText.Has(PreloadText.Of(now), InjectorPaths.Library);
            has = entries.Find(entry => entry.Path == InjectorPaths.Preload) is { } line ? PreloadText.Has(PreloadText.Of(store.State(line.After)), InjectorPaths.Library) : had;
        }

        // What the agent itself takes away, it may write again. Noted before, and what it writes behind: cut off in between, both lead on.
        if (had && !has)
        {
            store.SavePreload(store.Preload with { IsSeen = false });
        }

        var isChanged = Change(store, manifest, entries);
        if (has)
        {
            store.SavePreload(store.Preload with { IsSeen = true });
        }

        return new HostChange(isChanged, skipped);
    }

    private bool Change(ApplyStore store, Journal manifest, List<JournalEntry> entries)
    {
        var kept = entries.Where(entry => entry.After != entry.Original).Select(entry => entry with { Before = entry.After }).ToList();
        if (entries.TrueForAll(entry => entry.Before == entry.After) && kept.ToHashSet().SetEquals(manifest.Entries))
        {
            return false;
        }

        var folders = manifest.Folders.Concat(entries.Where(entry => entry.After.Length > 0 && entry.Before != entry.After).SelectMany(entry => _tree.MissingFolders(entry.Path))).Distinct().ToList();
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

    private void TakeOut(ApplyStore store, string library)
    {
        try
        {
            // Noted first: cut off behind it, the next change takes the line out.
            store.SavePreload(store.Preload with { IsTakenOut = true });
            Recover(store);
            var manifest = store.Manifest;
            var own = manifest.Entries.FirstOrDefault(entry => entry.Path == InjectorPaths.Preload);
            if (Preload(store, own, "", library, []) is { } line)
            {
                Change(store, manifest, [line, .. manifest.Entries.Where(entry => entry != own)]);
            }
        }
        catch (Exception e) when (e is ApplyException or IOException or UnauthorizedAccessException)
        {
            Log.Refused(logger, e.Message);
        }

        // Whatever is wrong with the notes or with other files, the line goes.
        if (_tree.Read(InjectorPaths.Preload) is { } now && PreloadText.Has(PreloadText.Of(now), library))
        {
            _tree.Stage(InjectorPaths.Preload, now with { Content = PreloadText.Bytes(PreloadText.Without(PreloadText.Of(now), library)) });
            _tree.Publish(InjectorPaths.Preload);
        }
    }

    private List<JournalEntry> Plan(ApplyStore store, Journal manifest, IReadOnlyList<HostFile> wanted, string preload, string takeOut, Dictionary<string, string> skipped)
    {
        var held = manifest.Entries.ToDictionary(entry => entry.Path);
        var files = wanted.ToDictionary(file => file.Path);
        var entries = new List<JournalEntry>();
        foreach (var path in files.Keys.Concat(held.Keys).Where(path => path != InjectorPaths.Preload).Distinct().Order(StringComparer.Ordinal))
        {
            HostTree.CheckAllowed(path);
            held.TryGetValue(path, out var own);
            if (!IsPlain(path, out var now, out var problem) || (own is not null && IsForeign(own, now, out problem)))
            {
                // Left alone, and still in our hands: it is given back once it was moved away.
                skipped[path] = problem;
                entries.AddRange(own is null ? [] : [own]);
                continue;
            }

            var original = own is null ? now : store.State(own.Original);
            var after = files.TryGetValue(path, out var file) ? New(file, now) : original;
            entries.Add(Entry(store, path, original, now, after));
        }

        // Without the file that narrows its choice, the injector takes every process: no line is added then.
        var line = skipped.ContainsKey(InjectorPaths.Conf) && !held.ContainsKey(InjectorPaths.Preload) ? "" : preload;
        if (Preload(store, held.GetValueOrDefault(InjectorPaths.Preload), line, takeOut, skipped) is { } change)
        {
            // Written last; taken away first.
            entries.Insert(preload.Length > 0 ? entries.Count : 0, change);
        }

        return entries;
    }

    /// <summary>Others have lines there too: ours is added behind them, and taken out alone when they have changed since.</summary>
    private JournalEntry? Preload(ApplyStore store, JournalEntry? own, string library, string takeOut, Dictionary<string, string> skipped)
    {
        if (!IsPlain(InjectorPaths.Preload, out var now, out var problem))
        {
            skipped[InjectorPaths.Preload] = problem;
            return own;
        }

        var (original, isSeen) = (now, store.Preload.IsSeen);
        if (own is not null)
        {
            original = store.State(own.Original);
            var written = store.State(own.After);
            isSeen |= PreloadText.Has(PreloadText.Of(written), library);
            if (FileState.HashOf(now) != own.After)
            {
                original = PreloadText.Others(now, original, written, InjectorPaths.Library);
            }
        }

        var text = PreloadText.Of(original);
        var after = original;
        if (takeOut.Length > 0)
        {
            after = PreloadText.Has(text, takeOut) ? original! with { Content = PreloadText.Bytes(PreloadText.Without(text, takeOut)) } : original;
        }
        else if (library.Length > 0 && !PreloadText.Has(text, library))
        {
            if (isSeen && !PreloadText.Has(PreloadText.Of(now), library))
            {
                skipped[InjectorPaths.Preload] = $"{InjectorPaths.Preload} had a line for {library} that somebody took out; the agent does not put it back. Put it back by hand, or run 'gantry-agent rollback', which forgets it";
            }
            else
            {
                after = New(new HostFile(InjectorPaths.Preload, PreloadText.With(text, library)), original);
            }
        }

        return own is null && after == now ? null : Entry(store, InjectorPaths.Preload, original, now, after);
    }

    private bool IsPlain(string path, out FileState? now, out string problem)
    {
        (now, problem) = (null, "");
        try
        {
            now = _tree.Read(path);
            return true;
        }
        catch (ForeignFileException e)
        {
            problem = e.Message;
            return false;
        }
    }

    private static bool IsForeign(JournalEntry own, FileState? now, out string problem)
    {
        problem = $"{own.Path} was changed by somebody else since the agent wrote it; move it away and keep what you need of it, then the agent goes on";
        return now is not null && now.Hash != own.After && now.Hash != own.Original;
    }

    private string Problem(JournalEntry own) =>
        !IsPlain(own.Path, out var now, out var problem) || (own.Path != InjectorPaths.Preload && IsForeign(own, now, out problem)) ? problem : "";

    /// <summary>A file that exists keeps its owner; a new one is the agent's.</summary>
    private static FileState New(HostFile file, FileState? now) => now is null
        ? new FileState(Encoding.UTF8.GetBytes(file.Content), file.Mode, UserIds.User, UserIds.Group)
        : now with { Content = file.Path == InjectorPaths.Preload ? PreloadText.Bytes(file.Content) : Encoding.UTF8.GetBytes(file.Content), Mode = file.Path == InjectorPaths.Preload ? now.Mode : file.Mode };

    private static JournalEntry Entry(ApplyStore store, string path, FileState? original, FileState? now, FileState? after)
    {
        store.SaveState(original);
        store.SaveState(now);
        store.SaveState(after);
        return new JournalEntry(path, FileState.HashOf(original), FileState.HashOf(now), FileState.HashOf(after));
    }

    private void Carry(ApplyStore store, Journal journal)
    {
        var news = journal.Entries.Where(entry => entry.Before != entry.After && entry.After.Length > 0).ToList();
        foreach (var folder in journal.Folders.Where(folder => news.Exists(entry => entry.Path.StartsWith(folder + "/", StringComparison.Ordinal))))
        {
            _tree.MakeFolder(folder);
            _step($"{folder} made");
        }

        foreach (var entry in news)
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
            if (entry.Before == entry.After || !IsPlain(entry.Path, out var now, out _))
            {
                continue;
            }

            _tree.RemoveStaged(entry.Path);
            if (FileState.HashOf(now) != entry.After)
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

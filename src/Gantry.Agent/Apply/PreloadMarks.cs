namespace Gantry.Agent.Apply;

/// <summary>What is remembered of the injector's line in ld.so.preload, until a rollback.</summary>
/// <param name="IsSeen">It was there, whoever put it there. When it is gone, somebody took it out for a reason: the agent does not put it back.</param>
/// <param name="IsTakenOut">The last resort took it out: it stays out, also when somebody edits the file, or a package puts it back.</param>
internal sealed record PreloadMarks(bool IsSeen, bool IsTakenOut);

using Gantry.Hub.Journeys.Completeness;

namespace Gantry.Hub.Journeys.Links;

/// <summary>
/// Outcomes in a row, and when a loss is over: when so many went well since the last loss as would happen by chance in less than one of ten thousand cases
/// at the share that was lost before, taken as small as it may be after what was seen of it: of a few calls by chance more are lost than usual. Three after losing
/// every one of a thousand, six after losing all of ten, 47 after losing one of five of a thousand.
/// </summary>
internal sealed class Streak
{
    public const double Chance = 0.0001;
    private const long Least = 3;

    // Older ones weigh half once there are so many: what was lost an hour ago says little about now.
    private const long Halved = 2000;

    // Outcomes up to the last loss, it included.
    private double _before;
    private double _lost;
    private long _since;
    private long _sinceBefore;

    /// <summary>Something was lost, and it is not over.</summary>
    public bool IsLosing => _lost > 0 && !IsOver;

    public void Add(bool lost)
    {
        if (!lost)
        {
            _since++;
            return;
        }

        (_before, _lost) = (_before + _since + 1, _lost + 1);
        (_sinceBefore, _since) = (_since, 0);
        if (_before >= Halved)
        {
            (_before, _lost) = (_before / 2, _lost / 2);
        }
    }

    /// <summary>What was taken for lost was only late.</summary>
    public void WasLate()
    {
        _lost = Math.Max(0, _lost - 1);
        if (_since == 0 || _lost < 1)
        {
            _since += _sinceBefore + 1;
            _before = Math.Max(0, _before - _sinceBefore - 1);
        }
    }

    private bool IsOver => _since >= Least && Math.Pow(1 - Wilson.Least(_lost, Math.Max(1, _before)), _since) < Chance;
}

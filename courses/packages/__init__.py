"""What others made and ZIPped (H5P, SCORM): read warily, kept apart, played on the content origin."""
